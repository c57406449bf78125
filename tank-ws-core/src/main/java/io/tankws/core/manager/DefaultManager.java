package io.tankws.core.manager;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ClusterView;
import io.tankws.ConnectionEvent;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.Refusal;
import io.tankws.RouteProtocol;
import io.tankws.Statistics;
import io.tankws.StreamPosition;
import io.tankws.Upgrader;
import io.tankws.UserDelivery;
import io.tankws.WebSocketServer;
import io.tankws.core.cluster.UserCommand;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.core.config.ManagerConfig;
import io.tankws.core.event.CountedStatistics;
import io.tankws.core.handshake.AttachedManager;
import io.tankws.core.handshake.HandshakeProcessor;
import io.tankws.core.handshake.ProtocolEndpoint;
import io.tankws.core.handshake.RoutedHandshake;
import io.tankws.core.handshake.TransportCapabilities;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.TopicNames;
import io.tankws.core.selection.ProtocolSelector;
import io.tankws.core.session.Housekeeper;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.FailureLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The implementation of {@link io.tankws.Manager}. It delegates to the parts in {@link ManagerContext}. */
public final class DefaultManager implements AttachedManager {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ManagerContext context;
    private final HandshakeProcessor admission;
    private final ManagerLifecycle lifecycle;
    private final Housekeeper housekeeper;
    /** The capabilities of the transports of this manager's servers, by name. */
    private final Map<String, TransportCapabilities> transports = new ConcurrentHashMap<>();

    private final FailureLog contradictions = new FailureLog(LOG::error);

    DefaultManager(ManagerConfig settings) {
        this(settings, CallbackExecutor::daemons);
    }

    /**
     * Creates a manager.
     *
     * @param factories function from a name prefix to a factory of callback threads
     */
    public DefaultManager(ManagerConfig settings, Function<String, ThreadFactory> factories) {
        context = new ManagerContext(settings, factories);
        admission = new HandshakeProcessor(context, context.handshakes);
        housekeeper = new Housekeeper(
                settings.name(), context.registry, settings.clientLimits(), shortestDecisionTime(settings), chores());
        lifecycle = new ManagerLifecycle(settings.name(), context, housekeeper);
    }

    private static Duration shortestDecisionTime(ManagerConfig settings) {
        Duration handshake = settings.limits().authenticationTimeout();
        Duration topic = settings.limits().authorizationTimeout();
        boolean asksUserCode = settings.topicAuthorizer() != null || settings.topicConfigurer() != null;
        return asksUserCode && topic.compareTo(handshake) < 0 ? topic : handshake;
    }

    private List<Runnable> chores() {
        List<Runnable> chores = new ArrayList<>(context.chores());
        chores.add(() -> lifecycle.check());
        return chores;
    }

    @Override
    public Manager start() {
        lifecycle.start();
        return this;
    }

    @Override
    public boolean isRunning() {
        return lifecycle.isRunning();
    }

    @Override
    public HandshakeHandler endpoint(String name) {
        return endpoint(ProtocolSelector.select(Objects.requireNonNull(name, "name")));
    }

    @Override
    public HandshakeHandler endpoint(RouteProtocol protocol) {
        if (!(Objects.requireNonNull(protocol, "protocol") instanceof ClientProtocol ours)) {
            throw new IllegalArgumentException("the protocol must be an io.tankws.spi.ClientProtocol, but was "
                    + protocol.getClass().getName());
        }
        return new ProtocolEndpoint(this, ours);
    }

    @Override
    public void handleConnection(Handshake handshake) {
        handle(handshake, null);
    }

    @Override
    public void handle(Handshake handshake, @Nullable ClientProtocol protocol) {
        if (!(Objects.requireNonNull(handshake, "handshake") instanceof TransportHandshake ours)) {
            throw new IllegalArgumentException("the handshake must be one that a transport has handed over");
        }
        if (lifecycle.isRunning()) {
            decide(ours, protocol);
        } else {
            admission.refuse(ours, ErrorCode.UPGRADE_FAILED, HandshakeProcessor.NOT_RUNNING, null);
        }
    }

    private void decide(TransportHandshake handshake, @Nullable ClientProtocol protocol) {
        TransportCapabilities server =
                handshake instanceof RoutedHandshake routed ? routed.server() : TransportCapabilities.MOUNTED;
        String contradiction = server.contradiction(admission.upgrader);
        if (contradiction.isEmpty()) {
            admission.decide(handshake, protocol);
        } else {
            contradictions.report("Handshakes get a 500: " + contradiction, null);
            IllegalStateException cause = new IllegalStateException(contradiction);
            admission.refuse(handshake, ErrorCode.UPGRADE_FAILED, HandshakeProcessor.NO_ANSWER, cause);
        }
    }

    @Override
    public void servedBy(TransportCapabilities server) {
        transports.put(server.transport(), server);
    }

    @Override
    public Upgrader upgrader() {
        return admission.upgrader;
    }

    @Override
    public ManagerLimits limits() {
        return context.config.limits();
    }

    @Override
    public ClientLimits clientLimits() {
        return context.config.clientLimits();
    }

    @Override
    public void setServer(WebSocketServer server) {
        lifecycle.server(Objects.requireNonNull(server, "server"));
    }

    @Override
    public void shutdown(Duration timeout) {
        lifecycle.shutdown(Objects.requireNonNull(timeout, "timeout"));
    }

    @Override
    public void close() {
        shutdown(CLOSE_TIMEOUT);
    }

    @Override
    public CompletionStage<Void> broadcastMessage(Message message) {
        return broadcast(message, null);
    }

    @Override
    public CompletionStage<Void> broadcastMessage(Message message, Client excluded) {
        return broadcast(message, Objects.requireNonNull(excluded, "excluded"));
    }

    @Override
    public CompletionStage<Void> broadcastMessage(String text) {
        Message message;
        try {
            message = Message.text(text);
        } catch (IllegalArgumentException e) {
            context.events.error(ErrorCode.SERIALIZATION_FAILED, String.valueOf(e.getMessage()), null, e);
            throw e;
        }
        return broadcast(message, null);
    }

    @Override
    public CompletionStage<Void> broadcastMessage(byte[] payload) {
        return broadcast(Message.binary(payload), null);
    }

    private CompletionStage<Void> broadcast(Message message, @Nullable Client excluded) {
        Subscriber session = excluded instanceof Subscriber ours ? ours : null;
        return context.distributor().broadcast(MessageBatch.of(message), session, Thread.currentThread());
    }

    @Override
    public CompletionStage<Void> broadcastTopicMessage(String topic, String data) {
        Objects.requireNonNull(data, "data");
        return context.distributor().publish(TopicNames.check(topic, context.config.clientLimits()), data);
    }

    @Override
    public CompletionStage<StreamPosition> publish(String topic, Payload payload, PublishOptions options) {
        Publication publication = Publication.builder(TopicNames.check(topic, context.config.clientLimits()), payload)
                .tags(options.tags())
                .build();
        return context.distributor().publish(publication, options);
    }

    @Override
    public CompletionStage<HistoryResult> history(String topic, HistoryQuery query) {
        Objects.requireNonNull(query, "query");
        TopicNames.check(topic, context.config.clientLimits());
        return context.topicSettings().of(topic).hasHistory()
                ? context.histories().read(topic, query)
                : CompletableFuture.failedStage(
                        new IllegalStateException("the topic has no history; give it one with a TopicConfigurer"));
    }

    @Override
    public CompletionStage<Void> removeHistory(String topic) {
        return context.histories().remove(TopicNames.check(topic, context.config.clientLimits()));
    }

    @Override
    public CompletionStage<UserDelivery> sendToUser(String userId, Message message) {
        Objects.requireNonNull(userId, "userId");
        return context.cluster.sendToUser(userId, Objects.requireNonNull(message, "message"));
    }

    @Override
    public CompletionStage<Presence> presence(String topic) {
        return hasPresence(topic) ? context.cluster.presence(topic) : withoutPresence();
    }

    @Override
    public CompletionStage<PresenceCounts> presenceCounts(String topic) {
        return hasPresence(topic) ? context.cluster.presenceCounts(topic) : withoutPresence();
    }

    private boolean hasPresence(String topic) {
        return context.topicSettings()
                .of(TopicNames.check(topic, context.config.clientLimits()))
                .hasPresence();
    }

    private static <T> CompletionStage<T> withoutPresence() {
        return CompletableFuture.failedStage(
                new IllegalStateException("the topic has no presence; give it presence with a TopicConfigurer"));
    }

    @Override
    public CompletionStage<Boolean> isPresent(String userId) {
        return context.cluster.isPresent(Objects.requireNonNull(userId, "userId"));
    }

    @Override
    public ClusterView cluster() {
        return context.cluster;
    }

    @Override
    public int getClientCount() {
        return context.registry.size();
    }

    @Override
    public int getTopicSubscriberCount(String topic) {
        return context.topics.subscriberCount(Objects.requireNonNull(topic, "topic"));
    }

    @Override
    public Set<String> getAllTopics() {
        return context.topics.names();
    }

    @Override
    public List<Client> clients() {
        return List.of(context.registry.sessions());
    }

    @Override
    public Optional<Client> client(String id) {
        return Optional.ofNullable(context.registry.find(Objects.requireNonNull(id, "id")));
    }

    @Override
    public Statistics statistics() {
        return CountedStatistics.of(
                context.counters,
                lifecycle.uptime(),
                context.registry.size(),
                context.topics.size(),
                context.registry.queuedMessages());
    }

    @Override
    public Map<String, Integer> topicSubscriberCounts() {
        return context.topics.sizes();
    }

    @Override
    public int closeClient(String userId) {
        return closeClient(userId, CloseStatus.NORMAL);
    }

    @Override
    public int closeClient(String userId, CloseStatus status) {
        if (!status.isSendable()) {
            // The check also runs if this node has no connection of the user, so that no other node gets such a status.
            throw new IllegalArgumentException("close code " + status.code() + " may not be sent");
        }
        int closed = context.registry.closeUser(Objects.requireNonNull(userId, "userId"), status);
        context.cluster.closeUser(userId, status);
        return closed;
    }

    @Override
    public CompletionStage<Void> subscribeUser(String userId, String topic) {
        return command(UserCommand.Action.SUBSCRIBE, userId, topic);
    }

    @Override
    public CompletionStage<Void> unsubscribeUser(String userId, String topic) {
        return command(UserCommand.Action.UNSUBSCRIBE, userId, topic);
    }

    @Override
    public CompletionStage<Void> revoke(String userId, String topic) {
        return command(UserCommand.Action.REVOKE, userId, topic);
    }

    private CompletionStage<Void> command(UserCommand.Action action, String userId, String topic) {
        Objects.requireNonNull(userId, "userId");
        TopicNames.check(topic, context.config.clientLimits());
        UserCommand command = new UserCommand(action, userId, topic);
        context.obey(command);
        return context.cluster.command(command);
    }

    @Override
    public void enableHeartbeat(Duration interval, Duration timeout) {
        heartbeat(HeartbeatConfig.of(interval, timeout));
    }

    void heartbeat(HeartbeatConfig heartbeat) {
        housekeeper.heartbeat(heartbeat);
        context.heartbeating = true;
    }

    @Override
    public void disableHeartbeat() {
        housekeeper.heartbeat(null);
        context.heartbeating = false;
    }

    @Override
    public void enableAuth(Predicate<HandshakeRequest> predicate) {
        Objects.requireNonNull(predicate, "predicate");
        setAuthenticator(Authenticator.of(request ->
                predicate.test(request) ? Authentication.accepted() : Authentication.refused(Refusal.unauthorized())));
    }

    @Override
    public void setAuthenticator(Authenticator authenticator) {
        admission.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    }

    @Override
    public void disableAuth() {
        admission.authenticator = null;
    }

    @Override
    public void setCustomUpgrader(Upgrader upgrader) {
        Objects.requireNonNull(upgrader, "upgrader");
        transports.values().forEach(transport -> transport.check("the manager " + context.config.name(), upgrader));
        admission.upgrader = upgrader;
    }

    @Override
    public void enableDebug() {
        context.events.debug(true);
    }

    @Override
    public void disableDebug() {
        context.events.debug(false);
    }

    @Override
    public Flow.Publisher<ErrorEvent> errors() {
        return context.events.errors;
    }

    @Override
    public Flow.Publisher<ConnectionEvent> connectionEvents() {
        return context.events.connections;
    }

    @Override
    public Flow.Publisher<PresenceEvent> presenceEvents() {
        return context.events.presence;
    }

    @Override
    public String toString() {
        return context.config.name() + (isRunning() ? " (running)" : " (not running)");
    }
}
