package io.tankws.spi;

import io.tankws.Authentication;
import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.HandshakeRequest;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.Subscription;
import io.tankws.TopicAction;
import io.tankws.TopicDecision;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One connection as the manager offers it to a {@link ProtocolSession}: replies, authentication, and the actions of the
 * client on topics.
 *
 * <p>The actions {@link #subscribe}, {@link #renew}, {@link #publish}, {@link #history}, {@link #presence}, {@link
 * #presenceCounts} and {@link #authorize} ask the
 * {@link io.tankws.TopicAuthorizer}. Their stages fail with a {@link ClientActionException}, and all of them fail until
 * the client is authenticated. At most {@link #MAX_PENDING_ACTIONS} of them may be pending at the same time. A protocol
 * that passes its commands to {@link #inOrder} has at most one.
 *
 * <p>Safe for use by several threads. No method blocks. A caller must hold no lock that its {@link ProtocolSession} or
 * {@link ProtocolEncoding} takes.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface ProtocolConnection {
    /** The maximum number of actions of one connection that are pending at the same time. */
    int MAX_PENDING_ACTIONS = 16;

    /** {@return the request that the connection began with} */
    HandshakeRequest handshakeRequest();

    /** {@return the agreed subprotocol (RFC 6455 section 1.9); empty if none was agreed} */
    Optional<String> subprotocol();

    /** {@return the client; empty until it is authenticated} */
    Optional<Client> client();

    /**
     * Runs a command of the client after its earlier commands have completed. While a command runs or waits, the socket
     * is not read and the session receives no input. Input that was read before waits, at most one read buffer.
     *
     * <p>A command that throws closes the connection. A stage that fails does so too, unless the connection is closed.
     * Commands that wait when the connection ends do not run.
     *
     * @param command starts the command, on the calling thread or on the thread that completes the command before it.
     *     The command has completed when its stage has
     */
    void inOrder(Supplier<? extends CompletionStage<?>> command);

    /**
     * Queues a message of the protocol for the client, after everything that is queued. It counts for the bounds of the
     * outbox. If it does not fit, the connection is closed with {@link ConnectionEnding#SLOW}. Does nothing if the
     * connection is closing.
     *
     * @param reply an encoded message
     */
    void reply(Message reply);

    /**
     * Asks the {@link io.tankws.Authenticator} of the manager, as a handshake on the plain protocol does.
     *
     * @param request the request to decide on, usually {@link #handshakeRequest()}
     * @return a stage with the decision, which is {@link Authentication#accepted()} without an authenticator. It fails
     *     as that of {@link #callUserCode} does
     */
    CompletionStage<Authentication> askAuthenticator(HandshakeRequest request);

    /**
     * Calls code of the application on a callback thread, where it may block. After {@link
     * io.tankws.ManagerLimits#authenticationTimeout()} the stage fails and the call is interrupted.
     *
     * @param userCode the code
     * @param <T> type of the result
     * @return a stage with the result. It fails with the exception of the code, with a {@link
     *     java.util.concurrent.TimeoutException}, or with a {@link ClientActionException} of reason {@link
     *     ClientActionException.Reason#LIMIT} if too many calls are pending
     */
    <T> CompletionStage<T> callUserCode(Supplier<? extends CompletionStage<T>> userCode);

    /**
     * Gives the client its user, limits and attributes, and adds it to the clients of the manager. The manager
     * publishes CONNECT. Limits of the {@link io.tankws.Identity} that concern single messages and frames have no
     * effect, because those of the manager already apply.
     *
     * @param accepted an acceptance, with or without an identity. Without one, the user id comes from the {@code
     *     user_id} of the query or is generated
     * @return the client
     * @throws ClientActionException if the connection is closing ({@code CLOSED}), the identity has expired ({@code
     *     EXPIRED}), the user has too many connections ({@code LIMIT}), another {@code user_id} is in the query ({@code
     *     DENIED}), or the limits of the identity contradict those of the manager ({@code FAILED})
     * @throws IllegalStateException if the client is authenticated
     * @throws IllegalArgumentException if the decision is a refusal
     */
    Client authenticate(Authentication accepted);

    /**
     * Replaces the time at which the identity expires and the connection is closed with {@link
     * ConnectionEnding#EXPIRED}.
     *
     * @param expiresAt the time; empty if the identity does not expire any more
     */
    void expireAt(Optional<Instant> expiresAt);

    /**
     * Subscribes the client. The reply of the request, missed publications and later ones are queued in one order,
     * without a gap or a repetition.
     *
     * @param request the topic, the encoding, the reply and the position to continue from
     * @return a stage with the subscription, which completes after the reply was queued
     */
    CompletionStage<Subscription> subscribe(SubscribeRequest request);

    /**
     * Asks the topic authorizer again and replaces the permission of a subscription. The subscription stays as it is if
     * the stage fails.
     *
     * @param request the topic, with the token and the data for the authorizer; all other parts have no effect
     * @return a stage with the new permission
     */
    CompletionStage<TopicDecision.Allowed> renew(SubscribeRequest request);

    /**
     * Ends a subscription. Publications that are queued are still sent.
     *
     * @param topic the topic
     * @return whether the client was subscribed
     */
    boolean unsubscribe(String topic);

    /**
     * Publishes as this client. The publication names the client as its publisher.
     *
     * @param topic the topic, to which the client need not be subscribed
     * @param payload the content
     * @param options the options
     * @return as {@link io.tankws.TopicPublisher#publish}
     */
    CompletionStage<StreamPosition> publish(String topic, Payload payload, PublishOptions options);

    /**
     * Reads the history of a topic.
     *
     * @param topic the topic
     * @param query the query
     * @return a stage with a page, or with the reason why the position of the query has no meaning
     */
    CompletionStage<HistoryResult> history(String topic, HistoryQuery query);

    /**
     * Lists the members of a topic on all nodes, if the topic authorizer allows {@link TopicAction#PRESENCE}.
     *
     * @param topic the topic, to which the client need not be subscribed
     * @return as {@link io.tankws.PresenceView#presence}; it fails with {@link
     *     ClientActionException.Reason#NOT_AVAILABLE} if the topic has no presence
     */
    CompletionStage<Presence> presence(String topic);

    /**
     * Counts the members of a topic on all nodes, if the topic authorizer allows {@link TopicAction#PRESENCE}.
     *
     * @param topic the topic, to which the client need not be subscribed
     * @return as {@link io.tankws.PresenceView#presenceCounts}; it fails as {@link #presence}
     */
    CompletionStage<PresenceCounts> presenceCounts(String topic);

    /**
     * Asks the topic authorizer for an action that this interface does not offer.
     *
     * @param action the action
     * @param topic the topic
     * @return a stage with the permission; it fails if the action is denied
     */
    CompletionStage<TopicDecision.Allowed> authorize(TopicAction action, String topic);

    /**
     * Passes a message of the client to the {@link io.tankws.MessageHandler} of the manager. When the inbox is full,
     * the socket is not read. Without a handler, nothing happens: messages of this connection are not relayed.
     *
     * @param message the message
     * @return {@code false} if the manager has no handler or the client is not authenticated
     */
    boolean handle(Message message);

    /**
     * Closes the connection after all queued messages. Later input is ignored. Does nothing if the connection is
     * closing.
     *
     * @param status a status that may be sent
     * @throws IllegalArgumentException if the code may not be sent
     */
    void close(CloseStatus status);

    /** Disconnects the client at once, without a close frame. */
    void abort();

    /** {@return whether the socket is not read at the moment, so that the silence of the client has no meaning} */
    boolean isInputPaused();
}
