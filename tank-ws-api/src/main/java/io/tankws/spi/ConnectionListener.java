package io.tankws.spi;

import io.tankws.CloseStatus;
import java.nio.ByteBuffer;

/**
 * One open socket, inward. Called on a transport's threads: no method blocks or throws. One call at a time, in the
 * order of the wire; only {@link #onClose} may come while another call is under way, and after it none begins.
 *
 * <p>During a call other threads may call every method of the {@link Connection}, which returns: a transport holds none of
 * its locks while it calls a listener. A call may come from within a method of this or another connection.
 */
public interface ConnectionListener {
    /**
     * The handshake is through. The first call.
     *
     * @param connection the outward half
     */
    void onOpen(Connection connection);

    /**
     * The handshake was accepted, but the peer did not live to see it. The only call.
     *
     * @param cause why
     */
    void onOpenFailed(Throwable cause);

    /**
     * A whole text message came, of whatever number of fragments.
     *
     * @param utf8 valid UTF-8; the buffer is the transport's again after the call
     */
    void onText(ByteBuffer utf8);

    /**
     * A whole binary message came.
     *
     * @param payload the buffer is the transport's again after the call
     */
    void onBinary(ByteBuffer payload);

    /**
     * A ping came. The listener answers it, not the transport.
     *
     * @param payload at most 125 bytes; the buffer is the transport's again after the call
     */
    void onPing(ByteBuffer payload);

    /**
     * A pong came.
     *
     * @param payload at most 125 bytes; the buffer is the transport's again after the call
     */
    void onPong(ByteBuffer payload);

    /**
     * One read of the socket brought bytes, and all that is whole among them has been handed over. The time to write
     * what those messages caused. Also called where the read brought no whole message.
     */
    void onReadComplete();

    /**
     * The peer broke the protocol; {@link #onPeerClose} and {@link #onClose} follow. A peer that merely vanishes is no error: then
     * {@link #onClose} comes alone.
     *
     * @param cause what it did, usually a {@link ProtocolException}
     */
    void onError(Throwable cause);

    /**
     * The peer has sent its close frame, or broken the protocol, so that the transport owes it one;
     * {@link Connection#close} sends it, whenever all is written that the peer's messages were to cause. Called after all
     * that came before, and not where our own close frame came first.
     *
     * @param connection takes {@link Connection#close}, with any status: the answer says what {@code status} says
     * @param status what the peer's close frame said, or what the peer did wrong
     */
    default void onPeerClose(Connection connection, CloseStatus status) {
        connection.close(CloseStatus.NORMAL);
    }

    /**
     * The connection is gone, its socket closed. Called exactly once for each {@link #onOpen}, last.
     *
     * @param status what the peer's close frame said; what ours said if the peer broke the protocol;
     *     {@link CloseStatus#ABNORMAL} without a close frame
     */
    void onClose(CloseStatus status);
}
