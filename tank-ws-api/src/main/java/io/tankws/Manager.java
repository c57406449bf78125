package io.tankws;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Predicate;

/**
 * A set of clients and topics. Managers are independent of each other, unless they are nodes of a {@link
 * ClusterConfig}. Counts and lists cover local clients only. {@code io.tankws.core.TankWs} creates managers.
 *
 * <p>Thread-safe. Publishing never waits for a client, and no user code runs on the thread of a transport or of a
 * publisher.
 *
 * <p>Not to be implemented by applications; methods may be added.
 *
 * <p>This file is longer than 400 lines because most of it is Javadoc.
 */
public interface Manager
        extends HandshakeHandler, Broadcaster, UserSubscriptions, TopicPublisher, PresenceView, AutoCloseable {
    /**
     * Starts to accept connections. Does nothing if the manager is running. On a node of a {@link ClusterConfig},
     * this waits at most 3 seconds for the backplane. {@link ClusterView#health()} then shows whether it is
     * connected, and the node continues to connect.
     *
     * @return this
     * @throws IllegalStateException if the manager has been shut down; create a new one
     */
    Manager start();

    /**
     * Returns whether the manager accepts connections.
     *
     * @return whether it has been started and not shut down
     */
    boolean isRunning();

    /**
     * Decides on a handshake: {@code server.handle("/ws", manager)}. One manager may serve several paths and ports.
     * Does not block. Without an authenticator and with an {@link OriginRule} of this library, the decision is made
     * on the caller's thread; otherwise user code makes it on a callback thread.
     *
     * @param handshake from a transport of this library or of its SPI
     * @throws IllegalArgumentException if it is another implementation of {@link Handshake}
     */
    @Override
    void handleConnection(Handshake handshake);

    /**
     * Returns a handler of a route on which clients speak another protocol:
     * {@code server.handle("/connection/websocket", manager.endpoint("centrifuge"))}. All protocols of a manager share
     * its topics. Clients on other routes of the manager speak the plain protocol.
     *
     * @param name {@link RouteProtocol#name()} of a protocol on the module path or class path
     * @return a handler
     * @throws ProtocolSelectionException if there is no such protocol, or several have this name
     */
    HandshakeHandler endpoint(String name);

    /**
     * Returns a handler of a route on which clients speak a given protocol. No protocol is looked up.
     *
     * @param protocol a {@code io.tankws.spi.ClientProtocol}
     * @return a handler
     * @throws IllegalArgumentException if it is another implementation of {@link RouteProtocol}
     */
    HandshakeHandler endpoint(RouteProtocol protocol);

    /**
     * Configures the server that {@link #shutdown} stops after it has closed the clients. If the server fails on its
     * own, the manager reports {@link ErrorCode#SERVER_FAILED} and shuts down.
     *
     * @param server replaces the server of an earlier call
     */
    void setServer(WebSocketServer server);

    /**
     * Shuts down in order. New handshakes get status 503, queued messages are sent, each client gets the farewell
     * text and a close with 1001, the server of {@link #setServer} stops, and the publishers complete. Clients that
     * have not answered the close by the deadline are disconnected. Does nothing if the manager has been shut down. A
     * second caller waits with the first.
     *
     * <p>A callback of any manager or server may call this: a handler, an authenticator, an origin rule, a subscriber
     * of events, an action that depends on a publish. It then returns at once, and another thread shuts down. The
     * shutdown neither waits for that callback nor interrupts it.
     *
     * @param timeout the time until the deadline; zero disconnects all clients at once
     */
    void shutdown(Duration timeout);

    /** Shuts down within 5 seconds. */
    @Override
    void close();

    /**
     * Returns the number of connections.
     *
     * @return open connections
     */
    int getClientCount();

    /**
     * Returns the number of subscribers of a topic.
     *
     * @param topic the topic
     * @return 0 if there are none
     */
    int getTopicSubscriberCount(String topic);

    /**
     * Returns the topics that have subscribers.
     *
     * @return a copy
     */
    Set<String> getAllTopics();

    /**
     * Returns the connections.
     *
     * @return a copy
     */
    List<Client> clients();

    /**
     * Looks up a connection.
     *
     * @param id {@link Client#id()}
     * @return empty if there is none
     */
    Optional<Client> client(String id);

    /**
     * Returns the limits of all clients together and of calls of user code.
     *
     * @return the limits that this manager was built with
     */
    ManagerLimits limits();

    /**
     * Returns the limits of each single client. The {@link Identity} of a client may have replaced some of them.
     *
     * @return the limits that this manager was built with
     */
    ClientLimits clientLimits();

    /**
     * Returns the counters of this manager. Cheap enough to be called every second: it copies no list of clients or
     * topics.
     *
     * @return the counters at the time of the call
     */
    Statistics statistics();

    /**
     * Counts the subscribers of every topic that has any. Takes time and memory in proportion to the number of topics.
     *
     * @return a copy, by topic
     */
    Map<String, Integer> topicSubscriberCounts();

    /**
     * Returns the view of the cluster that this manager is a node of. A manager without a cluster answers with {@link
     * ClusterHealth.Status#STANDALONE} and its own numbers.
     *
     * @return the same view at each call
     */
    ClusterView cluster();

    /**
     * Closes every connection of a user with 1000, on all nodes of the cluster.
     *
     * @param userId the user
     * @return the number of connections on this node
     */
    int closeClient(String userId);

    /**
     * Closes every connection of a user, on all nodes of the cluster. The other nodes get the command like a
     * broadcast, with the same outage policy, except that it also fails with {@link OutagePolicy#LOCAL_ONLY}. The
     * manager reports a failure as {@link ErrorCode#PUBLISH_FAILED}.
     *
     * @param userId the user
     * @param status the status of the close frames
     * @return the number of connections on this node
     * @throws IllegalArgumentException if the code may not be sent
     */
    int closeClient(String userId, CloseStatus status);

    /**
     * Pings every client at this interval and disconnects clients that send nothing within the timeout after a ping.
     * Replaces an earlier heartbeat. {@link Builder#heartbeat} enables it from the start.
     *
     * @param interval the time between two pings, 10 ms to 365 days
     * @param timeout the time for a client to send anything after a ping, 10 ms to 365 days
     * @throws IllegalArgumentException if a duration is out of range
     */
    void enableHeartbeat(Duration interval, Duration timeout);

    /** Stops the heartbeat. Connections stay open. */
    void disableHeartbeat();

    /**
     * Accepts only handshakes for which the predicate holds. Other handshakes get status 401, which asks for Basic
     * credentials.
     *
     * @param predicate replaces an earlier authenticator; called like an {@link Authenticator}
     */
    void enableAuth(Predicate<HandshakeRequest> predicate);

    /**
     * Accepts only handshakes that the authenticator accepts. Existing connections stay open.
     *
     * @param authenticator replaces an earlier authenticator
     */
    void setAuthenticator(Authenticator authenticator);

    /** Accepts all later handshakes without authentication. Existing connections stay open. */
    void disableAuth();

    /**
     * Configures how later handshakes become connections.
     *
     * @param upgrader replaces the earlier upgrader
     * @throws TransportSelectionException if it requires {@linkplain Compression#REQUIRED compression} and a server
     *     of this manager has a transport without; nothing is changed then
     */
    void setCustomUpgrader(Upgrader upgrader);

    /**
     * Logs the events of each connection at level DEBUG of the SLF4J logger {@code io.tankws}, without message bodies
     * and credentials. {@link Builder#debug} enables it from the start.
     */
    void enableDebug();

    /** Stops the log of {@link #enableDebug}. */
    void disableDebug();

    /**
     * Returns the publisher of errors. It is hot: a subscriber gets the errors after its subscription. A slow
     * subscriber delays no client and no other subscriber. When its buffer of {@link ManagerLimits#eventBuffer()} is
     * full, new events are lost to it, and {@link Statistics#eventsLost()} counts them. The publisher completes at
     * shutdown.
     *
     * @return the same publisher at each call
     */
    Flow.Publisher<ErrorEvent> errors();

    /**
     * Returns the publisher of connection events, which is hot and bounded like {@link #errors()}.
     *
     * @return the same publisher at each call
     */
    Flow.Publisher<ConnectionEvent> connectionEvents();

    /**
     * Collects the settings of a manager. Not thread-safe.
     *
     * <p>Not to be implemented by applications; methods may be added.
     */
    interface Builder {
        /**
         * Configures the limits of all clients together and of calls of user code. The default is
         * {@link ManagerLimits#defaults()}. Several managers with different limits may share a server.
         *
         * @param limits the limits
         * @return this
         */
        Builder limits(ManagerLimits limits);

        /**
         * Configures the limits of each single client. The default is {@link ClientLimits#defaults()}. An {@link
         * Identity} may replace some of them for its connections.
         *
         * @param limits the limits
         * @return this
         */
        Builder clientLimits(ClientLimits limits);

        /**
         * Configures the response to a handshake whose user has {@link ClientLimits#maxConnectionsPerUser()}
         * connections. The default is {@link UserLimitPolicy#REFUSE}.
         *
         * @param policy the policy
         * @return this
         */
        Builder whenUserLimitIsReached(UserLimitPolicy policy);

        /**
         * Configures the treatment of clients that read too slowly. The default is {@link OverflowPolicy#DISCONNECT}.
         *
         * @param policy the policy
         * @return this
         */
        Builder overflowPolicy(OverflowPolicy policy);

        /**
         * Configures the handler of messages that are not commands. By default they are relayed to all other clients.
         *
         * @param handler replaces the relay
         * @return this
         */
        Builder messageHandler(MessageHandler handler);

        /**
         * Configures how the relay sends the binary messages of a client to the other clients. The default is {@link
         * BinaryRelay#AS_TEXT}. It has no effect where a {@link MessageHandler} replaces the relay. In a cluster, the
         * setting of the node that received the message applies.
         *
         * @param mode the mode
         * @return this
         */
        Builder binaryRelay(BinaryRelay mode);

        /**
         * Configures how handshakes become connections. The default is {@link Upgrader#defaults()}.
         *
         * @param upgrader the upgrader
         * @return this
         */
        Builder upgrader(Upgrader upgrader);

        /**
         * Configures the authenticator of handshakes. By default every client is accepted.
         *
         * @param authenticator the authenticator
         * @return this
         */
        Builder authenticator(Authenticator authenticator);

        /**
         * Configures the authorizer of actions on topics. By default every client may subscribe to every topic.
         *
         * @param authorizer the authorizer
         * @return this
         */
        Builder topicAuthorizer(TopicAuthorizer authorizer);

        /**
         * Configures the options of topics, such as their history and their presence. By default a topic remembers
         * nothing. Histories are kept in the memory of the process, within {@link ManagerLimits#maxHistoryBytes()}. The
         * nodes of a cluster share them through their backplane, and all need the same options for a topic.
         *
         * @param configurer the function from the name of a topic to its options
         * @return this
         */
        Builder topicConfigurer(TopicConfigurer configurer);

        /**
         * Configures whether clients of the plain protocol get an answer when an action on a topic is denied. The
         * default is {@code false}, as in the Go library. The answer is a text of the form {@code
         * {"error":{"code":1016,"action":"subscribe","topic":"news","reason":"…"}}}. It has no key {@code topic} at
         * the top, so the Go library's browser client does not mistake it for a publication.
         *
         * @param enabled whether denials are answered
         * @return this
         */
        Builder plainReplies(boolean enabled);

        /**
         * Configures the first text that each client gets. The default is
         * {@code Hello, {userId}! Welcome to WebSocket server.}
         *
         * @param template the text, in which the user id of the client replaces {@code {userId}}; empty for no greeting
         * @return this
         */
        Builder greeting(String template);

        /**
         * Configures the last text that each client gets at shutdown. The default is {@code Server is shutting down}.
         *
         * @param text the text; empty for no farewell
         * @return this
         */
        Builder farewell(String text);

        /**
         * Configures the heartbeat, as {@link Manager#enableHeartbeat} does on a running manager. By default there is
         * none.
         *
         * @param interval the time between two pings, 10 ms to 365 days
         * @param timeout the time for a client to send anything after a ping, 10 ms to 365 days
         * @return this
         * @throws IllegalArgumentException if a duration is out of range
         */
        Builder heartbeat(Duration interval, Duration timeout);

        /**
         * Configures the log of connection events, as {@link Manager#enableDebug} does on a running manager. The
         * default is {@code false}.
         *
         * @param enabled whether the events of each connection are logged
         * @return this
         */
        Builder debug(boolean enabled);

        /**
         * Configures the cluster that the manager is a node of. By default there is none, and messages never leave the
         * process.
         *
         * @param cluster the cluster
         * @return this
         */
        Builder cluster(ClusterConfig cluster);

        /**
         * Configures the name of the manager in logs and thread names. The default is {@code tank-ws-N} with a number.
         *
         * @param name 1 to 64 characters without control characters
         * @return this
         * @throws IllegalArgumentException if it is blank, too long, or would break the line of a log
         */
        Builder name(String name);

        /**
         * Creates the manager, which is not started.
         *
         * @return a new manager
         * @throws IllegalArgumentException if {@link ManagerLimits.Builder#partialMessageBytes} is set to less than
         *     {@link ClientLimits#maxMessageBytes()}
         * @throws BackplaneSelectionException if no backplane, or more than one, speaks the cluster's URI
         * @throws IllegalArgumentException if the backplane does not understand that URI, or if there is a
         *     {@link #topicConfigurer} and the backplane shares no histories
         */
        Manager build();
    }
}
