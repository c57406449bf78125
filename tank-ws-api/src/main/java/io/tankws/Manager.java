package io.tankws;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Predicate;

/**
 * One set of clients and topics, independent of all others unless it is a node of a {@link ClusterConfig}; what it counts and
 * lists are its own clients. {@code io.tankws.core.TankWs} makes them.
 *
 * <p>Safe for use by several threads. Publishing never waits for a client, and no user code runs on the thread of a
 * transport or of a publisher.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Manager extends HandshakeHandler, Broadcaster, AutoCloseable {
    /**
     * Starts to take connections. Nothing happens if it is running. On a node of a {@link ClusterConfig} this waits until the
     * backplane is there, for 3 s at most; {@link ClusterView#health()} then says whether it is, and the node goes on connecting.
     *
     * @return this
     * @throws IllegalStateException if it has been shut down; make a new one
     */
    Manager start();

    /**
     * Tells whether connections are taken.
     *
     * @return whether it has been started and not shut down
     */
    boolean isRunning();

    /**
     * Decides on a handshake: {@code server.handle("/ws", manager)}. One manager may serve several paths and ports. Does
     * not block. Without an authenticator and with an {@link OriginRule} of this library, the decision is made on the
     * caller's thread; otherwise user code makes it on a callback thread.
     *
     * @param handshake from a transport
     * @throws IllegalArgumentException if it comes from elsewhere
     */
    @Override
    void handleConnection(Handshake handshake);

    /**
     * Names the server that {@link #shutdown} stops too, once the clients are closed. If the server fails on its own, the
     * manager reports {@link ErrorCode#SERVER_FAILED} and shuts down, so that {@link #isRunning} says so.
     *
     * @param server the server
     */
    void setServer(WebSocketServer server);

    /**
     * Ends everything in order: new handshakes get a 503, queued messages leave, each client gets the farewell text and
     * a close with 1001, the server of {@link #setServer} stops, the publishers complete. Who has not answered at the
     * deadline is cut off. Nothing happens if it has been shut down; a second caller waits with the first.
     *
     * <p>A callback of any manager or server may call this: a handler, an authenticator, an origin rule, a subscriber of
     * events, an action that depends on a publish. There it returns at once, and another thread shuts down. The shutdown
     * neither waits for that callback nor interrupts it.
     *
     * @param timeout the deadline for the whole, zero to cut off at once
     */
    void shutdown(Duration timeout);

    /** Shuts down within 5 seconds. */
    @Override
    void close();

    /**
     * Counts the connections.
     *
     * @return open connections
     */
    int getClientCount();

    /**
     * Counts the subscribers of a topic.
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
     * Returns the counters of this manager. Cheap enough to be called every second: it copies no list of clients or topics.
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
     * @return how many there were on this node
     */
    int closeClient(String userId);

    /**
     * Closes every connection of a user, on all nodes of the cluster. What the others are told is told like a broadcast,
     * and by the same outage policy, but that it fails by {@link OutagePolicy#LOCAL_ONLY} too; that it failed is an
     * {@link ErrorCode#PUBLISH_FAILED}.
     *
     * @param userId the user
     * @param status what the peers are told
     * @return how many there were on this node
     */
    int closeClient(String userId, CloseStatus status);

    /**
     * Pings each client every interval and drops who then stays silent: whoever sends nothing at all for the timeout
     * after a ping. Replaces a heartbeat that was enabled before.
     *
     * @param interval between pings, 10 ms to a year
     * @param timeout silence after a ping, 10 ms to a year
     * @throws IllegalArgumentException if one is too short or too long
     */
    void enableHeartbeat(Duration interval, Duration timeout);

    /** Stops pinging and dropping. */
    void disableHeartbeat();

    /**
     * Lets in only whom the predicate accepts; others get a 401 that asks for Basic credentials.
     *
     * @param predicate called like an {@link Authenticator}
     */
    void enableAuth(Predicate<HandshakeRequest> predicate);

    /**
     * Lets in only whom the authenticator accepts.
     *
     * @param authenticator replaces what was set before
     */
    void setAuthenticator(Authenticator authenticator);

    /** Lets everybody in. Connections stay. */
    void disableAuth();

    /**
     * Changes how later handshakes are turned into connections.
     *
     * @param upgrader replaces what was set before
     * @throws TransportSelectionException if it requires {@linkplain Compression#REQUIRED compression} and a server of this
     *     manager has a transport without; nothing is changed then
     */
    void setCustomUpgrader(Upgrader upgrader);

    /**
     * Logs what happens to each connection at level DEBUG of the SLF4J logger {@code io.tankws}; no message bodies, no
     * credentials.
     */
    void enableDebug();

    /** Stops what {@link #enableDebug} started. */
    void disableDebug();

    /**
     * Publishes what goes wrong. Hot: a subscriber gets what happens after it subscribed; it never delays anybody, and
     * what does not fit its buffer of {@link ManagerLimits#eventBuffer()} is counted in {@link Statistics#eventsLost()}.
     * Completes at shutdown.
     *
     * @return the same publisher at each call
     */
    Flow.Publisher<ErrorEvent> errors();

    /**
     * Publishes who connects, subscribes, unsubscribes and disconnects; hot and bounded as {@link #errors()}.
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
         * Configures the limits of each single client. The default is {@link ClientLimits#defaults()}. An {@link Identity} may
         * replace some of them for its connections.
         *
         * @param limits the limits
         * @return this
         */
        Builder clientLimits(ClientLimits limits);

        /**
         * Sets what happens to a handshake whose user has {@link ClientLimits#maxConnectionsPerUser()} connections.
         *
         * @param policy instead of {@link UserLimitPolicy#REFUSE}
         * @return this
         */
        Builder whenUserLimitIsReached(UserLimitPolicy policy);

        /**
         * Sets what happens to clients that read too slowly.
         *
         * @param policy instead of {@link OverflowPolicy#DISCONNECT}
         * @return this
         */
        Builder overflowPolicy(OverflowPolicy policy);

        /**
         * Sets what happens with messages that are no commands.
         *
         * @param handler instead of the relay to all other clients
         * @return this
         */
        Builder messageHandler(MessageHandler handler);

        /**
         * Sets what the relay sends to the other clients when a client has sent a binary message. Without effect where a
         * {@link MessageHandler} replaces the relay. On a cluster the node that received the message decides.
         *
         * @param mode instead of {@link BinaryRelay#AS_TEXT}
         * @return this
         */
        Builder binaryRelay(BinaryRelay mode);

        /**
         * Sets how handshakes are turned into connections.
         *
         * @param upgrader instead of {@link Upgrader#defaults()}
         * @return this
         */
        Builder upgrader(Upgrader upgrader);

        /**
         * Sets who may connect.
         *
         * @param authenticator instead of everybody
         * @return this
         */
        Builder authenticator(Authenticator authenticator);

        /**
         * Sets the first text that each client gets.
         *
         * @param template {@code {userId}} in it becomes the client's user id; empty for no greeting; the default is
         *     {@code Hello, {userId}! Welcome to WebSocket server.}
         * @return this
         */
        Builder greeting(String template);

        /**
         * Sets the last text that each client gets at shutdown.
         *
         * @param text empty for none; the default is {@code Server is shutting down}
         * @return this
         */
        Builder farewell(String text);

        /**
         * Makes the manager a node of a cluster.
         *
         * @param cluster instead of none: without one, messages never leave the process
         * @return this
         */
        Builder cluster(ClusterConfig cluster);

        /**
         * Names the manager in logs and thread names.
         *
         * @param name 1 to 64 characters without control characters, instead of {@code tank-ws-N}
         * @return this
         * @throws IllegalArgumentException if it is blank, too long, or would break the line of a log
         */
        Builder name(String name);

        /**
         * Makes the manager; it is not started.
         *
         * @return a new manager
         * @throws IllegalArgumentException if {@link ManagerLimits.Builder#partialMessageBytes} is set to less than
         *     {@link ClientLimits#maxMessageBytes()}
         * @throws BackplaneSelectionException if no backplane, or more than one, speaks the cluster's URI
         * @throws IllegalArgumentException if the backplane cannot make sense of that URI
         */
        Manager build();
    }
}
