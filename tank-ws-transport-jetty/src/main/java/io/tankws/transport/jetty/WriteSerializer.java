package io.tankws.transport.jetty;

import io.tankws.spi.Connection.WriteCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets our writes and Jetty's to one socket, which takes one at a time, pass in order.
 *
 * <p>What Jetty itself writes beside ours is its one close frame, so none of ours may follow. It waits for ours in
 * flight, lest it stand in the middle of a frame.
 */
class WriteSerializer {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSerializer.class);

    private static final Runnable NOTHING = () -> {};

    private boolean inFlight;
    private boolean ended;
    private Runnable waiting;
    /** As {@link io.tankws.spi.Connection#drainedBytes} promises; one write at a time changes it. */
    private volatile long drained;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one write at a time changes it
    final void drained(int bytes) {
        drained += bytes;
    }

    final long drainedBytes() {
        return drained;
    }

    /**
     * Asks for a write of ours.
     *
     * @return whether it may begin; then {@link #leave} must follow
     */
    final synchronized boolean enter() {
        if (inFlight) {
            throw new IllegalStateException("a write is in flight");
        }
        inFlight = !ended;
        return inFlight;
    }

    /**
     * Our write is through.
     *
     * @return what is to run next
     */
    final synchronized Runnable leave() {
        Runnable next = waiting == null ? NOTHING : waiting;
        waiting = null;
        inFlight = false;
        return next;
    }

    /** Lets no further write of ours begin. */
    final synchronized void end() {
        ended = true;
    }

    /** Ends ours, and runs a write of Jetty's behind the one in flight. */
    final void behind(Runnable write) {
        synchronized (this) {
            ended = true;
            if (inFlight) {
                waiting = write;
                return;
            }
        }
        write.run();
    }

    /** What a callback throws concerns its caller alone. */
    static void callBack(WriteCallback callback, Throwable failure) {
        try {
            callback.onWritten(failure);
        } catch (RuntimeException e) {
            LOG.error("A write callback failed", e);
        }
    }
}
