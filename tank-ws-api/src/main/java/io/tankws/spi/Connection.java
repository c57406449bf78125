package io.tankws.spi;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outbound half of an open socket. Safe for use by several threads; no method blocks.
 *
 * <p>The caller has at most one {@link #write} in flight, so a transport needs no queue.
 *
 * <p>Each method may call the {@link ConnectionListener} and the {@link WriteCallback} of this connection before it
 * returns, including {@link ConnectionListener#onClose}. A caller must therefore hold no lock that those take, and a
 * caller that writes again from the callback of a write must not recurse. An implementation must hold no lock that a
 * method of this interface takes while it calls the listener or a callback.
 *
 * <p>Implemented by transports.
 */
public interface Connection {
    /**
     * Writes frames in order, contiguously, and in as few system calls as possible.
     *
     * @param frames at least one frame; the list never changes, so an implementation may recognize an earlier list by
     *     identity and reuse the bytes it has copied
     * @param callback called exactly once unless the result is {@code true}, from any thread, possibly before this
     *     method returns: with {@code null} when the socket has accepted all bytes, or with the failure, after which
     *     the connection is closing
     * @return {@code true} if the socket has accepted all bytes already; the callback is not called then
     * @throws IllegalStateException if a write is in flight
     */
    boolean write(List<Frame> frames, WriteCallback callback);

    /**
     * Starts the closing handshake (RFC 6455 section 7.1.2). The close frame follows a write in flight.
     * {@link ConnectionListener#onClose} is called when the peer has answered; the caller sets the deadline for that,
     * and the transport that of {@link AcceptOptions#closeTimeout()}. After {@link ConnectionListener#onPeerClose}
     * this method answers the close frame of the peer instead. Nothing happens if the connection is closing.
     *
     * @param status a sendable code
     */
    void close(CloseStatus status);

    /**
     * Disconnects at once, in any state. A write in flight fails, and {@link ConnectionListener#onClose} follows,
     * both possibly before this method returns. Nothing happens if the connection is closed.
     */
    void abort();

    /**
     * Stops reading from the socket. Messages that have been read already, at most one read buffer, may still be
     * delivered. A closing connection continues to read.
     */
    void pauseReading();

    /** Resumes reading from the socket. */
    void resumeReading();

    /**
     * Returns whether the peer has sent something that has not been delivered to the listener, so that a heartbeat
     * that runs late does not mistake an unread message for silence of the peer. Called rarely.
     *
     * @return {@code false} by default, for transports that do not know
     */
    default boolean hasPendingInput() {
        return false;
    }

    /**
     * Returns how many bytes the socket has accepted after it had refused some. Each of them shows that the peer
     * reads. Bytes that the socket accepts at once show nothing and do not count. Called occasionally, on any thread;
     * must not block.
     *
     * @return a count of bytes that never decreases; always 0 by default, for transports that do not count
     */
    default long drainedBytes() {
        return 0;
    }

    /**
     * The continuation of a write that did not complete at once.
     *
     * <p>Implemented by callers of a transport.
     */
    @FunctionalInterface
    interface WriteCallback {
        /**
         * Notifies that the write has completed. Must not block.
         *
         * @param failure {@code null} if the socket has accepted all bytes
         */
        void onWritten(@Nullable Throwable failure);
    }
}
