package io.tankws.transport.jetty;

import io.tankws.spi.Connection.WriteCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of our writes and Jetty's writes to one socket, which takes one write at a time.
 *
 * <p>Beside ours, Jetty writes only its close frame, so none of our writes may follow it. Jetty's write waits for ours
 * in flight, because it must not split a frame.
 */
class WriteSerializer {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSerializer.class);

    private static final Runnable NOTHING = () -> {};

    private boolean inFlight;
    private boolean ended;

    /** Jetty's write, which waits for the end of ours; {@code null} if none waits. */
    private @Nullable Runnable waiting;

    /** The value of {@link io.tankws.spi.Connection#drainedBytes}; one write at a time changes it. */
    private volatile long drainedBytes;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one write at a time changes it
    final void addDrained(int bytes) {
        drainedBytes += bytes;
    }

    final long drainedBytes() {
        return drainedBytes;
    }

    /**
     * Begins a write of ours, unless {@link #end} was called.
     *
     * @return whether it may begin; if so, {@link #leave} must follow
     * @throws IllegalStateException if a write of ours is in flight
     */
    final synchronized boolean enter() {
        if (inFlight) {
            throw new IllegalStateException("a write is in flight");
        }
        inFlight = !ended;
        return inFlight;
    }

    /**
     * Ends a write of ours.
     *
     * @return the action that the caller must run next
     */
    final synchronized Runnable leave() {
        Runnable next = waiting == null ? NOTHING : waiting;
        waiting = null;
        inFlight = false;
        return next;
    }

    /** Rejects all later writes of ours. */
    final synchronized void end() {
        ended = true;
    }

    /** Rejects all later writes of ours, and runs a write of Jetty's, after ours if one is in flight. */
    final void writeAfterCurrent(Runnable write) {
        synchronized (this) {
            ended = true;
            if (inFlight) {
                waiting = write;
                return;
            }
        }
        write.run();
    }

    /** Calls a write callback. An exception is logged, because it must not fail the connection. */
    static void callBack(WriteCallback callback, @Nullable Throwable failure) {
        try {
            callback.onWritten(failure);
        } catch (RuntimeException e) {
            LOG.error("A write callback failed", e);
        }
    }
}
