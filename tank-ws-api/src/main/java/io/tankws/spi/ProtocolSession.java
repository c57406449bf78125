package io.tankws.spi;

import io.tankws.CloseStatus;
import java.nio.ByteBuffer;

/**
 * One connection as its protocol sees it: the receiver of the client's input, and the translator of everything that
 * the manager does with the client.
 *
 * <p>Input comes one call at a time, in the order of the bytes on the wire. It waits while a command of {@link
 * ProtocolConnection#inOrder} runs. The other methods may be called at any time, by any thread. No method may block. If
 * a method throws, the manager reports an {@link io.tankws.ErrorCode#PROTOCOL_FAILED} and closes this connection only.
 *
 * <p>Implemented by protocols.
 */
public interface ProtocolSession {
    /**
     * Receives a text message.
     *
     * @param utf8 valid UTF-8; reused after the call
     */
    void onText(ByteBuffer utf8);

    /**
     * Receives a binary message.
     *
     * @param payload any bytes; reused after the call
     */
    void onBinary(ByteBuffer payload);

    /** Notifies that all messages of one read have been received. Does nothing by default. */
    default void onReadComplete() {}

    /**
     * Returns the encoding of messages without a topic, and of subscriptions that the application starts.
     *
     * @return the same object at each call; sessions with equal encodings share one object
     */
    ProtocolEncoding encoding();

    /**
     * Returns the request of a subscription that the application starts, such as with
     * {@link io.tankws.Client#subscribe(String)}. The reply of the request notifies the client. The manager adds the
     * position of {@link io.tankws.Client#subscribe(String, io.tankws.StreamPosition)}.
     *
     * @param topic the topic
     * @return a request for the topic; by default one without a reply
     */
    default SubscribeRequest onServerSubscribe(String topic) {
        return SubscribeRequest.builder(topic, encoding()).build();
    }

    /**
     * Notifies that a subscription has ended, except by {@link ProtocolConnection#unsubscribe} and the end of the
     * connection. The client receives no later publication of the topic. Called in the order in which the subscriptions
     * of the client change.
     *
     * @param topic the topic
     * @param ending the reason
     */
    void onUnsubscribed(String topic, SubscriptionEnding ending);

    /**
     * Returns the status of a close frame that the manager or the application sends. It is not asked for {@link
     * ProtocolConnection#close}. May be called before the connection ends.
     *
     * @param ending the reason
     * @param status the status on the plain protocol; for {@link ConnectionEnding#APPLICATION}, that of the application
     * @return a status that may be sent; by default the given one
     */
    default CloseStatus closeStatus(ConnectionEnding ending, CloseStatus status) {
        return status;
    }

    /**
     * Notifies of the time, about ten times a second, for heartbeats of the protocol. Does nothing by default.
     *
     * @param nanoTime running time in nanoseconds, which only differences give a meaning
     */
    default void onTick(long nanoTime) {}

    /**
     * Notifies that the connection has ended. Its subscriptions end too, without {@link #onUnsubscribed}. Called once,
     * and no input follows. Does nothing by default.
     *
     * @param status as in {@link ConnectionListener#onClose}
     */
    default void onClose(CloseStatus status) {}
}
