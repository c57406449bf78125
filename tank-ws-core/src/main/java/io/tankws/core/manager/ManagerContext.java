package io.tankws.core.manager;

import io.tankws.OverflowPolicy;
import io.tankws.PresenceEvent;
import io.tankws.TopicAuthorizer;
import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.cluster.ClusterMembership;
import io.tankws.core.cluster.ClusterNode;
import io.tankws.core.cluster.NodeContext;
import io.tankws.core.cluster.StandaloneCluster;
import io.tankws.core.cluster.UserCommand;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.concurrent.UserCallLimits;
import io.tankws.core.config.ClusterSpec;
import io.tankws.core.config.ManagerConfig;
import io.tankws.core.event.Counters;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PieceSize;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.OutboxContext;
import io.tankws.core.presence.ClusterPresenceView;
import io.tankws.core.presence.PendingLeave;
import io.tankws.core.presence.PendingLeaves;
import io.tankws.core.presence.PresenceContext;
import io.tankws.core.presence.PresenceReports;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.routing.CatchUpReader;
import io.tankws.core.routing.Distributor;
import io.tankws.core.routing.FanoutScheduler;
import io.tankws.core.routing.MemoryHistories;
import io.tankws.core.routing.MessageRouter;
import io.tankws.core.routing.PositionCheck;
import io.tankws.core.routing.TopicHistories;
import io.tankws.core.routing.TopicIndex;
import io.tankws.core.routing.TopicSettings;
import io.tankws.core.session.ClientRegistry;
import io.tankws.core.session.SessionContext;
import io.tankws.core.session.SessionShutdown;
import io.tankws.core.session.SubscriptionExpiry;
import io.tankws.spi.ByteBudget;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts of one manager and how they are wired. */
public final class ManagerContext implements SessionContext, PresenceReports {
    /** The time that transports have to close an aborted connection on another thread. */
    static final Duration ABORT_GRACE = Duration.ofSeconds(1);

    /** Number of platform threads that read histories. They never block. */
    private static final int CATCH_UP_THREADS = 2;

    public final ManagerConfig config;
    public final Counters counters = new Counters();
    public final ClientRegistry registry = new ClientRegistry(counters);
    public final PlainProtocol protocol = new PlainProtocol();
    public final TopicIndex topics = new TopicIndex(counters, protocol);
    public final FanoutScheduler fanout;
    public final FlowControl flow;
    public final EventDispatcher events;
    public final MessageRouter router;
    public final ClusterMembership cluster;
    private final Distributor distributor;
    public final SessionShutdown shutdown;
    final Deadlines deadlines = new Deadlines();
    final TimedUserCalls handshakes;
    volatile boolean heartbeating;

    private final TopicSettings topicSettings;
    private final MemoryHistory history;
    private final PositionCheck positionCheck;
    private final TopicHistories histories;
    private final PresenceContext presence;
    private final ByteBudget partialMessages;
    private final PieceSize pieces;
    private final OutboxContext outboxes;
    private final OutboxContext protocolOutboxes;
    /** Threads that read histories for clients that are behind. */
    private final CallbackExecutor catchUpThreads;

    private final CatchUpReader catchUps;
    private final CallbackExecutor handlers;
    private final CallbackExecutor subscribers;
    /** Calls of the topic authorizer, or {@code null} if all actions are allowed. */
    private final @Nullable TopicAuthorization authorization;

    /** Subscriptions whose permission expires, or {@code null} without a topic authorizer. */
    private final @Nullable SubscriptionExpiry expiry;

    public ManagerContext(ManagerConfig config) {
        this(config, CallbackExecutor::daemons);
    }

    /**
     * Creates the parts of a manager.
     *
     * @param factories function from a name prefix to a factory of callback threads
     */
    ManagerContext(ManagerConfig config, Function<String, ThreadFactory> factories) {
        this.config = config;
        boolean hasHandler = config.handler() != null;
        partialMessages = new ByteBudget(config.limits().partialMessageBytes());
        pieces = new PieceSize(config.clientLimits());
        fanout = new FanoutScheduler(config.name());
        flow = new FlowControl(config.clientLimits(), !hasHandler, factories.apply(config.name() + "-pacing"));
        outboxes = new OutboxContext(config.overflowPolicy(), counters, flow);
        protocolOutboxes = new OutboxContext(protocolPolicy(config.overflowPolicy()), counters, flow);
        handlers = callbacks("-handler", factories);
        handshakes = new TimedUserCalls(
                callbacks("-handshake", factories), UserCallLimits.of(config.limits()), RunningTime::nanoTime);
        subscribers = callbacks("-events", factories);
        topicSettings = new TopicSettings(config.topicConfigurer());
        history = new MemoryHistory(config.limits(), RunningTime::nanoTime);
        TopicAuthorizer authorizer = topicSettings.isConfigured()
                ? topicSettings.askingBefore(config.topicAuthorizer())
                : config.topicAuthorizer();
        authorization = authorizer == null
                ? null
                : new TopicAuthorization(authorizer, config.limits(), callbacks("-authorizer", factories));
        expiry = authorization == null
                ? null
                : new SubscriptionExpiry(
                        authorization, registry, config.limits().callbackThreads());
        events = new EventDispatcher(
                config.name(), this::runOrExecute, config.limits().eventBuffer(), counters);
        positionCheck = new PositionCheck(
                topics,
                history,
                topicSettings.isConfigured(),
                config.limits().positionCheckInterval(),
                this::reportNewEpoch);
        router = new MessageRouter(
                protocol, topics, registry, fanout, topicSettings, history, positionCheck, registry::find, hasHandler);
        ClusterNode node = node(config.cluster());
        cluster = node == null
                ? new StandaloneCluster(
                        topics,
                        registry::size,
                        new NodeClients(topics, registry),
                        config.limits().maxPresenceMembers(),
                        events)
                : node;
        presence = new PresenceContext(
                cluster.health().node(),
                node != null,
                new PendingLeaves(config.limits().maxPendingLeaves()),
                this,
                RunningTime::nanoTime);
        distributor = node == null ? router : node;
        TopicHistories shared = node == null ? null : node.histories();
        histories = shared == null ? new MemoryHistories(history, positionCheck) : shared;
        String catchUpName = config.name() + "-catch-up";
        catchUpThreads = new CallbackExecutor(catchUpName, CATCH_UP_THREADS, factories.apply(catchUpName));
        catchUps = new CatchUpReader(histories, catchUpThreads);
        shutdown = new SessionShutdown(registry, config.farewell());
    }

    /** Returns the overflow policy of other protocols, whose replies must not be dropped. */
    private static OverflowPolicy protocolPolicy(OverflowPolicy policy) {
        return policy == OverflowPolicy.CATCH_UP ? policy : OverflowPolicy.DISCONNECT;
    }

    private @Nullable ClusterNode node(@Nullable ClusterSpec cluster) {
        return cluster == null ? null : new ClusterNode(nodeContext(), cluster.config(), cluster.backplane());
    }

    private CallbackExecutor callbacks(String kind, Function<String, ThreadFactory> factories) {
        String name = config.name() + kind;
        return new CallbackExecutor(name, config.limits().callbackThreads(), factories.apply(name));
    }

    /** Calls an event subscriber on a callback thread; after the end of those threads, on the thread of the caller. */
    private void runOrExecute(Runnable task) {
        if (!subscribers.tryExecute(task)) {
            task.run();
        }
    }

    /** Returns the parts that a cluster node uses. */
    public NodeContext nodeContext() {
        return new NodeContext(
                config.name(),
                config.limits(),
                events,
                deadlines,
                flow,
                topics,
                topicSettings,
                protocol,
                router,
                registry::size,
                registry::find,
                new NodeClients(topics, registry),
                config.limits().maxPresenceMembers(),
                registry::closeUser,
                this::obey,
                this::authorizeAgain);
    }

    /**
     * Returns the tasks of the housekeeper: it ends overdue waits and starts threads that could not be started
     * before.
     */
    List<Runnable> chores() {
        return List.of(
                () -> handshakes.check(RunningTime.nanoTime()),
                this::checkAuthorization,
                () -> deadlines.check(RunningTime.nanoTime()),
                () -> flow.check(RunningTime.nanoTime()),
                history::expire,
                () -> positionCheck.check(RunningTime.nanoTime()),
                () -> presence.leaves().expire(RunningTime.nanoTime(), topics::expire),
                MemoryShortage::restoreReserve,
                handlers::check,
                catchUpThreads::check,
                subscribers::check,
                cluster::checkThreads);
    }

    private void checkAuthorization() {
        if (authorization != null) {
            authorization.check();
        }
        if (expiry != null) {
            expiry.check();
        }
    }

    /** Carries out a command of this node or another one on the clients of this node. */
    void obey(UserCommand command) {
        switch (command.action()) {
            case SUBSCRIBE -> registry.subscribeUser(command.userId(), command.topic());
            case UNSUBSCRIBE -> registry.unsubscribeUser(command.userId(), command.topic());
            case REVOKE -> registry.revoke(command.userId(), command.topic());
        }
    }

    private void reportNewEpoch(String topic) {
        cluster.reportNewEpoch(topic);
    }

    @Override
    public void report(PresenceEvent event) {
        events.presence(event);
        cluster.announce(event);
    }

    @Override
    public void expire(PendingLeave leave) {
        topics.expire(leave);
    }

    @Override
    public void lost() {
        events.lost();
    }

    private void authorizeAgain() {
        if (expiry != null) {
            expiry.expireAll();
        }
    }

    /**
     * Ends publishers and threads. Handlers that are still busy at the end are interrupted, event subscribers never.
     */
    public void terminate(Duration timeout) {
        long deadline = RunningTime.nanoTime() + timeout.toNanos();
        shutdown.abortLater();
        presence.leaves().close(topics::expire);
        cluster.close(RunningTime.until(deadline));
        flow.end(RunningTime.until(deadline));
        fanout.end();
        events.finish();
        shutdown.abortAll();
        handshakes.end(Duration.ZERO);
        if (authorization != null) {
            authorization.end(Duration.ZERO);
        }
        catchUpThreads.shutdown(Duration.ZERO);
        handlers.shutdown(RunningTime.until(deadline));
        handlers.interrupt();
        awaitAborted();
        events.close();
        subscribers.shutdown(RunningTime.until(deadline));
    }

    /**
     * Waits for sessions that opened during the shutdown: each has published CONNECT, so it must publish DISCONNECT.
     */
    private void awaitAborted() {
        try {
            registry.awaitEmpty(ABORT_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public ManagerConfig config() {
        return config;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public EventDispatcher events() {
        return events;
    }

    @Override
    public ClientRegistry registry() {
        return registry;
    }

    @Override
    public TopicIndex topics() {
        return topics;
    }

    @Override
    public PlainProtocol protocol() {
        return protocol;
    }

    @Override
    public Distributor distributor() {
        return distributor;
    }

    @Override
    public FlowControl flow() {
        return flow;
    }

    @Override
    public PieceSize pieces() {
        return pieces;
    }

    @Override
    public OutboxContext outboxes() {
        return outboxes;
    }

    @Override
    public OutboxContext protocolOutboxes() {
        return protocolOutboxes;
    }

    @Override
    public TimedUserCalls identityCalls() {
        return handshakes;
    }

    @Override
    public CatchUpReader catchUps() {
        return catchUps;
    }

    @Override
    public Executor handlers() {
        return handlers;
    }

    @Override
    public TopicSettings topicSettings() {
        return topicSettings;
    }

    @Override
    public TopicHistories histories() {
        return histories;
    }

    @Override
    public ClusterPresenceView presenceView() {
        return cluster;
    }

    @Override
    public PresenceContext presence() {
        return presence;
    }

    /** Returns the histories in memory. */
    public MemoryHistory history() {
        return history;
    }

    @Override
    public @Nullable TopicAuthorization authorization() {
        return authorization;
    }

    @Override
    public @Nullable SubscriptionExpiry expiry() {
        return expiry;
    }

    @Override
    public ByteBudget partialMessages() {
        return partialMessages;
    }

    @Override
    public SessionShutdown shutdown() {
        return shutdown;
    }

    @Override
    public boolean isHeartbeating() {
        return heartbeating;
    }
}
