package io.tankws.core.routing;

import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.concurrent.ThreadStarter;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of flushes. It decides which thread flushes an audience.
 *
 * <p>A single sender flushes on its own thread, which costs least and delays no other thread. If several threads send
 * to the same large audience, one additional thread flushes for all of them. Reading and publishing continue during
 * its flush, and new messages leave with the next write. The thread cannot fall far behind, because a sender that
 * finds an outbox filling up flushes first.
 */
public final class FanoutScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final int MAX_QUEUED = 64;

    private final String name;
    private final ThreadStarter starter;
    private final FailureLog failures = new FailureLog(LOG::error);
    private final Queue<Audience> queue = new ArrayDeque<>();
    /** Fan-out thread, or {@code null} while there is none. */
    private @Nullable Thread thread;

    private boolean idle;
    private boolean ended;

    public FanoutScheduler(String name) {
        this(name, ThreadStarter.DAEMONS);
    }

    public FanoutScheduler(String name, ThreadStarter starter) {
        this.name = name;
        this.starter = starter;
    }

    /** Sends now, or queues now and flushes soon on another thread. The caller must hold no lock. */
    public void send(Audience audience, MessageBatch batch, @Nullable Outbox excluded, Object sender) {
        assert RankedLock.noneHeld();
        boolean outermost = AudienceWalk.begin();
        try {
            if (batch.isPart()) {
                sendPart(audience, batch, excluded, sender);
            } else {
                for (int next = 0; next < batch.size(); ) {
                    MessageBatch part = batch.part(next);
                    sendPart(audience, part, excluded, sender);
                    next += part.size();
                }
            }
        } finally {
            if (outermost) {
                AudienceWalk.end();
            }
        }
    }

    private void sendPart(Audience audience, MessageBatch batch, @Nullable Outbox excluded, Object sender) {
        if (audience.isSmall()) {
            audience.send(batch, excluded);
        } else if (tryFlushInline(audience, System.identityHashCode(sender))) {
            try {
                audience.send(batch, excluded);
            } finally {
                finishFlush(audience);
            }
        } else if (audience.offer(batch, excluded)) {
            audience.flush();
        } else {
            request(audience);
        }
    }

    /** Returns whether a sender is alone with its audience. {@link #finishFlush} must follow then. */
    private synchronized boolean tryFlushInline(Audience audience, int sender) {
        return audience.tryFlushInline(sender);
    }

    /** Requests a flush of all queued messages. */
    private void request(Audience audience) {
        synchronized (this) {
            if (audience.isFlushRequested()) {
                return;
            }
            if (!ended && queue.size() < MAX_QUEUED && (audience.isFlushing() || enqueue(audience))) {
                audience.requestFlush();
                return;
            }
            audience.beginFlush();
        }
        flushFrom(audience);
    }

    private void flushFrom(Audience audience) {
        boolean outermost = AudienceWalk.begin();
        try {
            audience.flush();
        } finally {
            finishFlush(audience);
            if (outermost) {
                AudienceWalk.end();
            }
        }
    }

    /** Runs the requested flushes, on the fan-out thread or on the caller if there is none. */
    private void finishFlush(Audience audience) {
        while (!flushDone(audience)) {
            try {
                audience.flush();
            } catch (RuntimeException | Error e) {
                failures.report("a flush failed", e);
            }
        }
    }

    /** Ends a flush. Returns {@code false} if the caller must flush once more and call this again. */
    private synchronized boolean flushDone(Audience audience) {
        audience.endFlush();
        if (!audience.isFlushRequested() || audience.isFlushing() || enqueue(audience)) {
            return true;
        }
        audience.beginFlush();
        return false;
    }

    /** Queues a request. Returns {@code false} without a change if there is no thread and none can be started. */
    private boolean enqueue(Audience audience) {
        try {
            queue.add(audience);
            if (thread == null) {
                thread = starter.start(this::run, name + "-fanout");
            } else if (idle) {
                notifyAll();
            }
            return true;
        } catch (RuntimeException | Error e) {
            queue.remove(audience);
            failures.report("no thread for the fan-out; senders flush on their own threads", e);
            return false;
        }
    }

    private void run() {
        while (true) {
            try {
                Audience next = take();
                if (next == null) {
                    return;
                }
                flushFrom(next);
            } catch (RuntimeException | Error e) {
                // The flushes of the other audiences must follow.
                failures.report("a flush failed", e);
            }
        }
    }

    /** Waits for the next requested flush. Returns {@code null} after the end. */
    private synchronized @Nullable Audience take() {
        while (queue.isEmpty()) {
            if (ended) {
                thread = null;
                return null;
            }
            idle = true;
            try {
                wait();
            } catch (InterruptedException e) {
                // No code interrupts this thread. Its end is signalled otherwise.
            } finally {
                idle = false;
            }
        }
        Audience next = queue.poll();
        // Messages that are queued during the flush need another one.
        next.beginFlush();
        return next;
    }

    /** Runs the requested flushes and ends the thread. Later senders flush on their own threads. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }
}
