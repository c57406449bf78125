package io.tankws;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One connection. Safe for use by several threads; no method blocks.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Client {
    /**
     * Returns the id of this connection. Other clients may see it, in presence and as the publisher of a publication.
     *
     * @return 26 to 44 ASCII characters; unique among all connections, also among those of other nodes and of earlier
     *     processes
     */
    String id();

    /**
     * Returns the user id of the connection. It comes from the {@link Authenticator}, otherwise from the {@code
     * user_id} of the query, otherwise it is generated.
     *
     * @return not empty; several connections may share it
     */
    String userId();

    /**
     * Returns the information for other clients of {@link Identity#withInfo}.
     *
     * @return empty if there is none
     */
    default Optional<Payload> info() {
        return Optional.empty();
    }

    /**
     * Returns the request that the connection began with.
     *
     * @return the request
     */
    HandshakeRequest handshakeRequest();

    /**
     * Returns the peer's address.
     *
     * @return as in {@link HandshakeRequest#remoteAddress()}
     */
    default InetSocketAddress remoteAddress() {
        return handshakeRequest().remoteAddress();
    }

    /**
     * Returns the agreed subprotocol (RFC 6455 section 1.9).
     *
     * @return empty if none was agreed
     */
    Optional<String> subprotocol();

    /**
     * Returns when the connection was opened.
     *
     * @return the time
     */
    Instant connectedAt();

    /**
     * Returns the attributes that the application keeps with this connection.
     *
     * @return a concurrent map, which initially holds the attributes of the {@link Identity}
     */
    Map<String, Object> attributes();

    /**
     * Returns the subscriptions.
     *
     * @return a copy; empty once the connection is gone
     */
    List<Subscription> subscriptions();

    /**
     * Subscribes this client, as its own {@code sub:} does, but without asking the {@link TopicAuthorizer}: the call
     * is the decision of the application.
     *
     * @param topic any text of 1 to {@link ClientLimits#maxTopicBytes()} bytes
     * @return the subscription, the existing one if there was one; empty if the connection is gone
     * @throws IllegalArgumentException if it cannot be a topic
     * @throws IllegalStateException if {@link ClientLimits#maxTopics()} are reached
     */
    Optional<Subscription> subscribe(String topic);

    /**
     * Subscribes this client and sends what it missed. If the history of the topic holds every publication after a
     * position and the outbox has room for all of them, they are queued before the first later publication. Otherwise
     * none of them is queued, see {@link Recovery#isComplete()}. Never is a part of them queued.
     *
     * @param topic a topic that is {@linkplain TopicOptions#isRecoverable() recoverable}
     * @param since the position of the last publication that the client has; one of an unknown epoch fits every epoch
     * @return a stage with the recovery. It fails with an {@link IllegalStateException} if the topic is not
     *     recoverable, the client is subscribed already, {@link ClientLimits#maxTopics()} are reached, or the
     *     connection or the subscription is gone. On a node of a cluster it also fails with a
     *     {@link BackplaneException} if the history cannot be read; the client is then not subscribed. Without a
     *     cluster the stage is complete
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Recovery> subscribe(String topic, StreamPosition since);

    /**
     * Ends a subscription, as the client's own {@code unsub:} does.
     *
     * @param topic the topic
     * @return whether it was subscribed
     */
    boolean unsubscribe(String topic);

    /**
     * Queues a message for this client.
     *
     * @param message the message
     * @return {@code false} if it was not queued: the connection is closing or gone, or the outbox is full; counted in
     *     {@link Statistics}
     */
    boolean send(Message message);

    /**
     * Queues a text for this client.
     *
     * @param text the text
     * @return as {@link #send(Message)}
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    default boolean send(String text) {
        return send(Message.text(text));
    }

    /**
     * Closes the connection. The queued messages are sent first, then the close frame. A peer that does not answer
     * within {@link ClientLimits#closeTimeout()} is disconnected. Does nothing if the connection is closing or
     * closed.
     *
     * @param status the status of the close frame
     * @throws IllegalArgumentException if the code may not be sent
     */
    void close(CloseStatus status);

    /**
     * Returns whether messages can still be sent.
     *
     * @return {@code false} once closing has begun
     */
    boolean isOpen();
}
