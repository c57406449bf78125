package io.tankws.spi;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import java.util.List;

/**
 * One open socket, outward. Safe for use by several threads; no method blocks.
 *
 * <p>The caller keeps at most one {@link #write} in flight, so a transport needs no queue of its own.
 *
 * <p>Each method may call the {@link ConnectionListener} and the {@link WriteCallback} of this connection before it
 * returns, {@link ConnectionListener#onClose} included: a caller holds no lock that those take, and a caller that writes
 * again from the callback of a write must not recurse. In turn an implementation calls neither while it holds a lock that
 * a method of this interface takes.
 */
public interface Connection {
    /**
     * Writes frames, in order and with nothing between them, in as few system calls as possible.
     *
     * @param frames at least one; never changed any more, so the same list means the same bytes
     * @param callback called exactly once unless the result is {@code true}, from any thread, possibly before this
     *     method returns: with {@code null} when the socket has taken all bytes, else with the failure, after which the
     *     connection is closing
     * @return whether the socket has taken all bytes already; then the callback is never called
     * @throws IllegalStateException if the last write has not ended
     */
    boolean write(List<Frame> frames, WriteCallback callback);

    /**
     * Begins the closing handshake (RFC 6455 section 7.1.2): the close frame goes out behind a write in flight.
     * {@link ConnectionListener#onClose} follows when the peer has answered; there is no timeout here. After
     * {@link ConnectionListener#onPeerClose}, answers the peer instead. Nothing happens if the connection is closing.
     *
     * @param status a sendable code
     */
    void close(CloseStatus status);

    /**
     * Cuts the connection off, whatever state it is in. A write in flight fails and
     * {@link ConnectionListener#onClose} follows, both possibly before this method returns. Nothing happens if it is
     * closed.
     */
    void abort();

    /**
     * Stops reading from the socket; messages that are already read, at most one read buffer, may still come. A closing
     * connection reads on.
     */
    void pauseReading();

    /** Reads from the socket again. */
    void resumeReading();

    /**
     * Tells whether something has come from the peer that the listener has not been told of yet, so that a server which
     * is late does not mistake its own silence for the peer's. Asked seldom.
     *
     * @return {@code false} also where the transport cannot tell
     */
    default boolean hasPendingInput() {
        return false;
    }

    /**
     * Returns how many bytes the socket has taken after it had refused some: each of them shows that the peer takes what it is
     * sent. What the socket takes at once shows nothing, and does not count. Asked now and then, on any thread; must not block.
     *
     * @return grows only; always 0 where the transport does not know
     */
    default long drainedBytes() {
        return 0;
    }

    /** Learns how a write ended that did not end at once. */
    @FunctionalInterface
    interface WriteCallback {
        /**
         * The write has ended. Must not block.
         *
         * @param failure {@code null} if the socket has taken all bytes
         */
        void onWritten(Throwable failure);
    }
}
