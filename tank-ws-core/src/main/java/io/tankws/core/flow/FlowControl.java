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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows down clients that send more than other clients read, so that they do not fill outboxes up to their bounds.
 *
 * <p>An outbox counts as filled from a quarter of its bounds on, until it has drained, is closed, has been filled for
 * {@code outboxAge}, or its reader has taken less than 64 KiB in a tenth of {@code writeTimeout}: no reader holds a sender for
 * longer than that. Senders that send to a filled outbox wait, the first
 * goes first. What waits is sent by one thread piece by piece, so at most one piece follows after an outbox is filled,
 * whatever the number of senders.
 *
 * <p>The outboxes' locks are taken before this object's lock. Nothing is called out under it. Bounded by the number of
 * connected clients and {@link #MAX_DEPARTED}.
 */
public final class FlowControl {
    /** Senders that have disconnected and whose last messages still wait. Those of one more are sent without a wait. */
    private static final int MAX_DEPARTED = 64;

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final long IDLE_SECONDS = 10;
    private static final double SECOND = 1e9;
    /** Which part of what is free in a second a sender may send at once. */
    private static final int PARTS = 32;

    /** When nothing has come back from the backplane for so long, what is under way counts as lost. */
    private static final long BACKPLANE_NANOS = 1_000_000_000;

    /**
     * What each sender may send in a second while outboxes are filled: half of an outbox, at most a 32nd of that at once. So
     * clients that send little do not wait for one that floods. If all together fill an outbox up to half of its bounds, all
     * wait.
     */
    private final double freeMessages;

    private final double freeBytes;

    private final ThreadPoolExecutor executor;
    private final FailureLog shortages = new FailureLog(LOG::warn);
    private final FailureLog failures = new FailureLog(LOG::error);
    /** Whether all senders send to all clients, so that two filled outboxes hold each of them. */
    private final boolean relaysOnly;
    /** Half of an outbox: what comes back finds room in one that is not filled when senders are stopped. */
    private final int maxMessagesUnderWay;

    private final int maxBytesUnderWay;
    /** By session number, whether they are critical: filled up to half of a bound. */
    private final Map<Long, Boolean> filled = new HashMap<>();

    private final Deque<PacedSender> waiting = new ArrayDeque<>();
    private int critical;
    private int departed;
    /** Messages and bytes of this node's clients that have left for the backplane and not come back yet. */
    private int messagesUnderWay;

    private long bytesUnderWay;
    private long lastReturn;

    private boolean running;
    private boolean ended;
    /** Whether no outbox is filled and no sender waits, which is the rule. */
    private volatile boolean idle = true;

    public FlowControl(ClientLimits limits, boolean relaysOnly, ThreadFactory threads) {
        this.relaysOnly = relaysOnly;
        maxMessagesUnderWay = Math.max(1, limits.outboxMessages() / 2);
        maxBytesUnderWay = Math.max(1, limits.outboxBytes() / 2);
        // One message at once is free with every bound.
        freeMessages = Math.max(PARTS, limits.outboxMessages() / 2.0);
        freeBytes = limits.outboxBytes() / 2.0;
        executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Notes that an outbox is filled or, more than that, critical. Called under that outbox's lock. */
    public synchronized void filled(long session, boolean isCritical) {
        Boolean before = filled.put(session, isCritical);
        critical += (isCritical ? 1 : 0) - (Boolean.TRUE.equals(before) ? 1 : 0);
        updateIdle();
    }

    /**
     * Notes that an outbox holds no sender any more. Called under that outbox's lock.
     *
     * @return whether {@link #wake} must follow, outside of the lock
     */
    public synchronized boolean drained(long session) {
        critical -= Boolean.TRUE.equals(filled.remove(session)) ? 1 : 0;
        updateIdle();
        return !waiting.isEmpty() && (!relaysOnly || filled.size() <= 1);
    }

    private void updateIdle() {
        idle = filled.isEmpty() && waiting.isEmpty() && !isMuchUnderWay();
    }

    /** Returns whether senders must wait for what has left for the backplane. Only under this object's lock. */
    public boolean isMuchUnderWay() {
        return messagesUnderWay >= maxMessagesUnderWay || bytesUnderWay >= maxBytesUnderWay;
    }

    /** Notes messages of a client of this node that leave for the backplane. */
    public synchronized void left(int messages, long bytes) {
        if (messagesUnderWay == 0) {
            lastReturn = RunningTime.nanoTime();
        }
        messagesUnderWay += messages;
        bytesUnderWay += bytes;
        updateIdle();
    }

    /** Notes messages of a client of this node that have come back from the backplane and were delivered. */
    public void cameBack(int messages, long bytes) {
        boolean wake;
        synchronized (this) {
            lastReturn = RunningTime.nanoTime();
            // What is lost on its way, or was counted as lost, makes no difference in the long run.
            messagesUnderWay = Math.max(0, messagesUnderWay - messages);
            bytesUnderWay = messagesUnderWay == 0 ? 0 : Math.max(0, bytesUnderWay - bytes);
            updateIdle();
            wake = !waiting.isEmpty() && !isMuchUnderWay();
        }
        if (wake) {
            wake();
        }
    }

    /** Looks whether something has been lost on its way to the backplane and back. Called by the housekeeper. */
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

    /** Notes that the backplane is gone, and with it what is under way. */
    public void backplaneDown() {
        synchronized (this) {
            messagesUnderWay = 0;
            bytesUnderWay = 0;
            updateIdle();
        }
        wake();
    }

    /** Returns whether a session's outbox is filled. Only under this object's lock, see {@link PacedSender#isHeldBy}. */
    boolean isFilled(long session) {
        return filled.containsKey(session);
    }

    /** Returns whether any outbox is filled but this session's. Only under this object's lock. */
    public boolean isAnyFilledBut(long session) {
        return filled.size() > (filled.containsKey(session) ? 1 : 0);
    }

    /** Returns whether a sender may send so much now. If not, {@link #await} must follow. */
    public boolean admits(PacedSender sender, int messages, int bytes) {
        return idle || admitsNow(sender, messages, bytes);
    }

    private synchronized boolean admitsNow(PacedSender sender, int messages, int bytes) {
        boolean held = isHeld(sender) || sender.takesTurns() && !waiting.isEmpty();
        return !held || critical == 0 && sender.spend(timeOf(messages, bytes), (long) SECOND / PARTS);
    }

    /** Returns in how many nanoseconds so much becomes free. */
    private long timeOf(int messages, int bytes) {
        return (long) (SECOND * Math.max(messages / freeMessages, bytes / freeBytes));
    }

    private boolean isHeld(PacedSender sender) {
        return !ended && !sender.unpaced && sender.isHeldBy(this);
    }

    /** Has {@link PacedSender#proceed} called once, when it is the sender's turn. */
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

    /** Notes that a sender has disconnected; what it has sent before still waits for its turn. */
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

    /** Lets senders proceed that are no longer held. Called outside of locks. */
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
            // The end has come. Nothing is held any more, and nobody else sends what waits.
            run();
        } catch (RuntimeException | Error e) {
            // No thread is to be had. The housekeeper tries again.
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

    /** Returns the first that no filled outbox holds; {@code null} if there is none, and this run ends. */
    private synchronized PacedSender next() {
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

    /** Holds no sender any more. What waits is sent now, to those that still read. */
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
        // For the case that there was no thread.
        wake();
    }
}
