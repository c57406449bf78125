package io.tankws.spi;

import io.tankws.CloseStatus;
import java.nio.ByteBuffer;

/**
 * The inbound half of an open socket. Called on threads of the transport: no method may block or throw. Calls come
 * one at a time, in the order of the bytes on the wire. Only {@link #onClose} may come during another call, and no
 * call follows it.
 *
 * <p>During a call, other threads may call every method of the {@link Connection}, and these calls return: a
 * transport holds none of its locks while it calls a listener. A call may come from within a method of this or
 * another connection.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface ConnectionListener {
    /**
     * Notifies that the handshake is complete. The first call.
     *
     * @param connection the outbound half
     */
    void onOpen(Connection connection);

    /**
     * Notifies that the peer disconnected before the accepted handshake was complete. No other method is called.
     *
     * @param cause the failure
     */
    void onOpenFailed(Throwable cause);

    /**
     * Delivers a complete text message, reassembled from any number of fragments. The transport has validated the text,
     * because the listener does not: {@link io.tankws.spi.support.MessageAssembler} does so.
     *
     * @param utf8 valid UTF-8; the transport reuses the buffer after the call
     */
    void onText(ByteBuffer utf8);

    /**
     * Delivers a complete binary message.
     *
     * @param payload the transport reuses the buffer after the call
     */
    void onBinary(ByteBuffer payload);

    /**
     * Delivers a ping. The listener answers it, not the transport.
     *
     * @param payload at most 125 bytes; the transport reuses the buffer after the call
     */
    void onPing(ByteBuffer payload);

    /**
     * Delivers a pong.
     *
     * @param payload at most 125 bytes; the transport reuses the buffer after the call
     */
    void onPong(ByteBuffer payload);

    /**
     * Notifies that all complete messages of one read of the socket have been delivered. Messages that they caused
     * are written now. Also called if the read completed no message.
     */
    void onReadComplete();

    /**
     * Notifies that the peer violated the protocol. {@link #onPeerClose} and {@link #onClose} follow. A lost
     * connection is no error; {@link #onClose} is called alone then.
     *
     * @param cause the violation, usually a {@link ProtocolException}
     */
    void onError(Throwable cause);

    /**
     * Notifies that the peer has sent its close frame or violated the protocol, and that the transport owes it a
     * close frame. {@link Connection#close} sends that frame, and is called after all messages that the peer's
     * messages caused are written. Called after all messages that arrived before, and not if this side sent its close
     * frame first. By default the connection is closed at once.
     *
     * @param connection accepts {@link Connection#close} with any status; the answer has the code of {@code status}
     * @param status the status in the peer's close frame, or the status of the violation
     */
    default void onPeerClose(Connection connection, CloseStatus status) {
        connection.close(CloseStatus.NORMAL);
    }

    /**
     * Notifies that the socket is closed. Called exactly once after each {@link #onOpen}, and as the last call.
     *
     * @param status the status in the peer's close frame; the status in our close frame if the peer violated the
     *     protocol; {@link CloseStatus#ABNORMAL} if there was no close frame
     */
    void onClose(CloseStatus status);
}
