package io.tankws.core.flow;

import io.tankws.ClientLimits;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow control between clients. It slows down clients that send more than other clients read, so that they do not
 * fill outboxes up to their bounds.
 *
 * <p>An outbox is filled from a quarter of its bounds on. It stays filled until it has drained, is closed, has been
 * filled for {@code outboxAge}, or its reader has taken less than 64 KiB in a tenth of {@code writeTimeout}. No
 * reader holds a sender for longer. Senders to a filled outbox wait in order. One thread sends their waiting messages
 * piece by piece, so at most one piece follows after an outbox is filled, whatever the number of senders.
 *
 * <p>The lock of an outbox is taken before the lock of this object. No code is called under it. Its size is bounded
 * by the number of connected clients and {@link #MAX_DEPARTED}.
 */
public final class FlowControl {
    /**
     * Maximum number of disconnected senders whose last messages wait. The messages of a further one are sent at once.
     */
    private static final int MAX_DEPARTED = 64;

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final long IDLE_SECONDS = 10;
    private static final double SECOND = 1e9;
    /** Part of the free rate of a second that a sender may send at once. */
    private static final int PARTS = 32;

    /** Time without an answer of the backplane after which messages in flight count as lost. */
    private static final long BACKPLANE_NANOS = 1_000_000_000;

    /**
     * Rate that each sender may use while outboxes are filled: half of an outbox per second, at most a 32nd of that
     * at once. Clients that send little do not wait for one that floods. If all together fill an outbox up to half of
     * its bounds, all wait.
     */
    private final double freeMessages;

    private final double freeBytes;

    private final ThreadPoolExecutor executor;
    private final FailureLog shortages = new FailureLog(LOG::warn);
    private final FailureLog failures = new FailureLog(LOG::error);
    /** True if all senders send to all clients, so that two filled outboxes hold each of them. */
    private final boolean relaysOnly;
    /** Half of an outbox. When senders are stopped, returning messages find room in an outbox that is not filled. */
    private final int maxMessagesUnderWay;

    private final int maxBytesUnderWay;
    /** Filled outboxes by session number; true if they are critical, which means filled up to half of a bound. */
    private final Map<Long, Boolean> filled = new HashMap<>();

    private final Deque<PacedSender> waiting = new ArrayDeque<>();
    private int critical;
    private int departed;
    /** Messages and bytes of local clients that have been sent to the backplane and have not returned. */
    private int messagesUnderWay;

    private long bytesUnderWay;
    private long lastReturn;

    private boolean running;
    private boolean ended;
    /** True if no outbox is filled and no sender waits, which is the common case. */
    private volatile boolean idle = true;

    public FlowControl(ClientLimits limits, boolean relaysOnly, ThreadFactory threads) {
        this.relaysOnly = relaysOnly;
        maxMessagesUnderWay = Math.max(1, limits.outboxMessages() / 2);
        maxBytesUnderWay = Math.max(1, limits.outboxBytes() / 2);
        // One message at once is allowed with every bound.
        freeMessages = Math.max(PARTS, limits.outboxMessages() / 2.0);
        freeBytes = limits.outboxBytes() / 2.0;
        executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Records that an outbox is filled or critical. Called under the lock of that outbox. */
    public synchronized void filled(long session, boolean isCritical) {
        Boolean before = filled.put(session, isCritical);
        critical += (isCritical ? 1 : 0) - (Boolean.TRUE.equals(before) ? 1 : 0);
        updateIdle();
    }

    /**
     * Records that an outbox holds no sender any more. Called under the lock of that outbox.
     *
     * @return whether {@link #wake} must follow, after the release of the lock
     */
    public synchronized boolean drained(long session) {
        critical -= Boolean.TRUE.equals(filled.remove(session)) ? 1 : 0;
        updateIdle();
        return !waiting.isEmpty() && (!relaysOnly || filled.size() <= 1);
    }

    private void updateIdle() {
        idle = filled.isEmpty() && waiting.isEmpty() && !isMuchUnderWay();
    }

    /**
     * Returns whether senders must wait for messages that were sent to the backplane. Called under the lock of this
     * object.
     */
    public boolean isMuchUnderWay() {
        return messagesUnderWay >= maxMessagesUnderWay || bytesUnderWay >= maxBytesUnderWay;
    }

    /** Records messages of a local client that are sent to the backplane. */
    public synchronized void broadcastSent(int messages, long bytes) {
        if (messagesUnderWay == 0) {
            lastReturn = RunningTime.nanoTime();
        }
        messagesUnderWay += messages;
        bytesUnderWay += bytes;
        updateIdle();
    }

    /** Records messages of a local client that have returned from the backplane and were delivered. */
    public void broadcastReturned(int messages, long bytes) {
        boolean wake;
        synchronized (this) {
            lastReturn = RunningTime.nanoTime();
            // A lost message, or one that was counted as lost, makes no lasting difference.
            messagesUnderWay = Math.max(0, messagesUnderWay - messages);
            bytesUnderWay = messagesUnderWay == 0 ? 0 : Math.max(0, bytesUnderWay - bytes);
            updateIdle();
            wake = !waiting.isEmpty() && !isMuchUnderWay();
        }
        if (wake) {
            wake();
        }
    }

    /** Detects messages that were lost between node and backplane. Called by the housekeeper. */
    public void check(long now) {
        boolean lost;
        synchronized (this) {
            lost = messagesUnderWay > 0 && now - lastReturn > BACKPLANE_NANOS;
        }
        if (lost) {
            backplaneDown();
        } else {
            wake();
        }
    }

    /** Records that the backplane is disconnected and messages in flight are lost. */
    public void backplaneDown() {
        synchronized (this) {
            messagesUnderWay = 0;
            bytesUnderWay = 0;
            updateIdle();
        }
        wake();
    }

    /**
     * Returns whether the outbox of a session is filled. Called under the lock of this object, see {@link
     * PacedSender#isHeldBy}.
     */
    boolean isFilled(long session) {
        return filled.containsKey(session);
    }

    /** Returns whether any outbox except that of a session is filled. Called under the lock of this object. */
    public boolean isAnyFilledBut(long session) {
        return filled.size() > (filled.containsKey(session) ? 1 : 0);
    }

    /** Returns whether a sender may send an amount now. If not, {@link #await} must follow. */
    public boolean admits(PacedSender sender, int messages, int bytes) {
        return idle || admitsNow(sender, messages, bytes);
    }

    private synchronized boolean admitsNow(PacedSender sender, int messages, int bytes) {
        boolean held = isHeld(sender) || sender.takesTurns() && !waiting.isEmpty();
        return !held || critical == 0 && sender.spend(timeOf(messages, bytes), (long) SECOND / PARTS);
    }

    /** Returns the nanoseconds until an amount is free. */
    private long timeOf(int messages, int bytes) {
        return (long) (SECOND * Math.max(messages / freeMessages, bytes / freeBytes));
    }

    private boolean isHeld(PacedSender sender) {
        return !ended && !sender.unpaced && sender.isHeldBy(this);
    }

    /** Queues a sender. {@link PacedSender#proceed} is called once when it is its turn. */
    public void await(PacedSender sender) {
        boolean first;
        synchronized (this) {
            sender.waits = true;
            waiting.add(sender);
            updateIdle();
            if (sender.departed) {
                countDeparted(sender);
            }
            first = !isHeld(sender);
        }
        if (first) {
            wake();
        }
    }

    /** Records that a sender has disconnected. Its earlier messages still wait for their turn. */
    public void departed(PacedSender sender) {
        synchronized (this) {
            sender.departed = true;
            if (!sender.waits) {
                return;
            }
            countDeparted(sender);
            if (!sender.unpaced) {
                return;
            }
        }
        wake();
    }

    private void countDeparted(PacedSender sender) {
        departed++;
        sender.unpaced = departed > MAX_DEPARTED;
    }

    public synchronized boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Lets senders proceed that are no longer held. Called without locks. */
    public void wake() {
        if (idle) {
            return;
        }
        synchronized (this) {
            if (running || waiting.isEmpty()) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The manager has shut down. No sender is held, and no other thread sends the waiting messages.
            run();
        } catch (RuntimeException | Error e) {
            // No thread can be started. The housekeeper tries again.
            notRunning();
            shortages.report("messages of clients that were held back wait for a thread", e);
        }
    }

    private synchronized void notRunning() {
        running = false;
    }

    private void run() {
        boolean completed = false;
        try {
            for (PacedSender sender = next(); sender != null; sender = next()) {
                proceed(sender);
            }
            completed = true;
        } finally {
            if (!completed) {
                // The housekeeper begins the next run.
                notRunning();
            }
        }
    }

    private void proceed(PacedSender sender) {
        try {
            sender.proceed();
        } catch (RuntimeException | Error e) {
            failures.report("a message of a client that was held back was lost", e);
        }
    }

    /** Returns the first sender that no filled outbox holds, or {@code null} if there is none. This run ends then. */
    private synchronized @Nullable PacedSender next() {
        Iterator<PacedSender> senders = waiting.iterator();
        while (senders.hasNext()) {
            PacedSender sender = senders.next();
            if (!isHeld(sender)) {
                senders.remove();
                sender.waits = false;
                departed -= sender.departed ? 1 : 0;
                updateIdle();
                return sender;
            }
        }
        running = false;
        return null;
    }

    /** Releases all senders. Their waiting messages are sent now, to the clients that still read. */
    public void end(Duration timeout) {
        synchronized (this) {
            ended = true;
        }
        wake();
        executor.shutdown();
        try {
            executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // This covers the case that no thread could be started.
        wake();
    }
}
