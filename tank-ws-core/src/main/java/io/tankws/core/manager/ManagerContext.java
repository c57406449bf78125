package io.tankws.core.manager;

import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.core.cluster.ClusterNode;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.concurrent.UserCallLimits;
import io.tankws.core.event.Counters;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PieceSize;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.ClientProtocol;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.routing.FanoutScheduler;
import io.tankws.core.routing.Topic;
import io.tankws.core.routing.TopicIndex;
import io.tankws.core.session.ClientRegistry;
import io.tankws.core.session.ClientSession;
import io.tankws.spi.ByteBudget;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * What all sessions of one manager share, and the two ways out: to all clients, and to those of a topic. On a node of
 * a cluster they lead through it.
 */
public final class ManagerContext {
    /** For transports that close an aborted connection on another thread. */
    static final Duration ABORT_GRACE = Duration.ofSeconds(1);

    private static final String NOT_RELAYED =
            "a binary message was not relayed because it is not UTF-8; to relay binary"
                    + " messages as they are, build the manager with binaryRelay(BinaryRelay.AS_BINARY)";

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    public final ManagerConfig settings;
    public final Counters counters = new Counters();
    public final ClientRegistry registry = new ClientRegistry(counters);
    public final TopicIndex topics = new TopicIndex(counters);
    public final ClientProtocol protocol = new PlainProtocol();
    public final Deadlines deadlines = new Deadlines();
    public final ByteBudget partialMessages;
    /** Whether clients are pinged. */
    public volatile boolean heartbeating;

    public final PieceSize pieces;
    public final FanoutScheduler fanout;
    public final FlowControl flow;
    public final CallbackExecutor handlers;
    public final TimedUserCalls handshakes;
    public final EventDispatcher events;
    /** {@code null} for none. */
    final ClusterNode cluster;

    private final CallbackExecutor subscribers;
    private volatile boolean stopping;
    private volatile boolean ended;

    public ManagerContext(ManagerConfig settings) {
        this(settings, CallbackExecutor::daemons);
    }

    /** Takes what makes threads for user code whose names begin with a text. */
    ManagerContext(ManagerConfig settings, Function<String, ThreadFactory> factories) {
        this.settings = settings;
        partialMessages = new ByteBudget(settings.limits().partialMessageBytes());
        pieces = new PieceSize(settings.clientLimits());
        fanout = new FanoutScheduler(settings.name());
        flow = new FlowControl(
                settings.clientLimits(), settings.handler() == null, factories.apply(settings.name() + "-pacing"));
        handlers = callbacks("-handler", factories);
        handshakes = new TimedUserCalls(
                callbacks("-handshake", factories), UserCallLimits.of(settings.limits()), RunningTime::nanoTime);
        subscribers = callbacks("-events", factories);
        events = new EventDispatcher(
                settings.name(), this::tell, settings.limits().eventBuffer(), counters);
        cluster = settings.cluster() == null ? null : new ClusterNode(this, settings.cluster(), settings.backplane());
    }

    private CallbackExecutor callbacks(String kind, Function<String, ThreadFactory> factories) {
        String name = settings.name() + kind;
        return new CallbackExecutor(name, settings.limits().callbackThreads(), factories.apply(name));
    }

    /**
     * Returns what is to be done now and then: ends waits that are overdue, and starts threads that could not be
     * started.
     */
    List<Runnable> chores() {
        List<Runnable> chores = new ArrayList<>(List.of(
                () -> handshakes.check(RunningTime.nanoTime()),
                () -> deadlines.check(RunningTime.nanoTime()),
                () -> flow.check(RunningTime.nanoTime()),
                MemoryShortage::restoreReserve,
                handlers::check,
                subscribers::check));
        if (cluster != null) {
            chores.add(cluster::checkThreads);
        }
        return chores;
    }

    /** Who subscribes after the end learns of it on its own thread. */
    private void tell(Runnable task) {
        if (!subscribers.tryExecute(task)) {
            task.run();
        }
    }

    /** Sends to all clients of all nodes but one. */
    public CompletionStage<Void> send(MessageBatch burst, Client excluded, Object sender) {
        ClientSession session = excluded instanceof ClientSession ours ? ours : null;
        if (cluster != null) {
            reachAll(session);
            return cluster.broadcast(burst, session);
        }
        deliver(burst, session, sender);
        return DONE;
    }

    /** Sends to all clients of this node but one, {@code null} for all. */
    public void deliver(MessageBatch burst, ClientSession excluded, Object sender) {
        FilledOutboxes reach = reachAll(excluded);
        if (reach == null) {
            fanout.send(registry, burst, excluded == null ? null : excluded.outbox, sender);
            return;
        }
        FilledOutboxes before = FilledOutboxes.enter(reach);
        try {
            fanout.send(registry, burst, excluded == null ? null : excluded.outbox, sender);
        } finally {
            FilledOutboxes.enter(before);
        }
    }

    /** Counts and reports a binary message of a client that the others do not get, because it cannot be a text. */
    public void notRelayed(ClientSession sender) {
        boolean listed = registry.find(sender.number()) != null;
        int receivers = registry.size() - (listed ? 1 : 0);
        counters.offered.add(receivers);
        counters.dropped(DropReason.NOT_TEXT, receivers);
        events.error(ErrorCode.SERIALIZATION_FAILED, NOT_RELAYED, sender, null);
    }

    /** Notes that a client sends to all, and returns where its reach is noted; {@code null} if no handler sends. */
    private FilledOutboxes reachAll(ClientSession excluded) {
        if (settings.handler() == null) {
            return null;
        }
        FilledOutboxes current = FilledOutboxes.current();
        // A handler may send on another thread; the client that it excludes is then taken for the sender.
        FilledOutboxes reach = current != null || excluded == null ? current : excluded.receiver.reach();
        if (reach != null) {
            reach.toAll();
        }
        return reach;
    }

    public CompletionStage<Void> publish(String name, String data) {
        if (cluster != null) {
            // The message comes back on another thread, which does not know its sender.
            reachAll(null);
            return cluster.publish(name, protocol.envelope(name, data));
        }
        Topic topic = topics.find(name);
        if (topic != null) {
            fanout.send(topic, MessageBatch.of(protocol.envelope(name, data)), null, Thread.currentThread());
        }
        return DONE;
    }

    /** Sends to the subscribers of a topic on this node. */
    public void deliver(String name, MessageBatch burst, Object sender) {
        Topic topic = topics.find(name);
        if (topic != null) {
            fanout.send(topic, burst, null, sender);
        }
    }

    /** Closes the connections of a user to this node, and returns how many there were. */
    public int closeUser(String userId, CloseStatus status) {
        List<ClientSession> sessions = registry.ofUser(userId);
        sessions.forEach(session -> session.close(status));
        return sessions.size();
    }

    public Optional<Message> greeting(String userId) {
        return settings.greeting().isEmpty()
                ? Optional.empty()
                : Optional.of(Message.text(settings.greeting().replace("{userId}", userId)));
    }

    /** Whoever gets in while the manager shuts down is shown out like the others. */
    public void onOpened(ClientSession session) {
        if (ended) {
            session.abort();
        } else if (stopping) {
            dismiss(session);
        }
    }

    public void dismissAll() {
        stopping = true;
        for (Outbox outbox : registry.snapshot()) {
            dismiss(outbox.session);
        }
    }

    private void dismiss(ClientSession session) {
        if (!settings.farewell().isEmpty()) {
            session.outbox.offer(Message.text(settings.farewell()));
        }
        session.close(CloseStatus.GOING_AWAY);
    }

    void abortAll() {
        for (Outbox outbox : registry.snapshot()) {
            outbox.session.abort();
        }
    }

    /**
     * Ends publishers and threads. Handlers that are still busy at the end are interrupted, event subscribers never.
     */
    public void end(Duration timeout) {
        long deadline = RunningTime.nanoTime() + timeout.toNanos();
        ended = true;
        if (cluster != null) {
            cluster.close(RunningTime.until(deadline));
        }
        flow.end(RunningTime.until(deadline));
        fanout.end();
        events.finish();
        abortAll();
        handshakes.end(Duration.ZERO);
        handlers.shutdown(RunningTime.until(deadline));
        handlers.interrupt();
        awaitAborted();
        events.close();
        subscribers.shutdown(RunningTime.until(deadline));
    }

    /** Who got in at the last moment was told of, so its end must be too. */
    private void awaitAborted() {
        try {
            registry.awaitEmpty(ABORT_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean isStopping() {
        return stopping;
    }
}
