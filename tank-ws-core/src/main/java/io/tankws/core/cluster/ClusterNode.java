package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.CloseStatus;
import io.tankws.ClusterConfig;
import io.tankws.ClusterHealth;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.UserDelivery;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.concurrent.StageCallbackExecutor;
import io.tankws.core.concurrent.ThreadStarter;
import io.tankws.core.concurrent.Ticker;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.history.MemoryHistoryStore;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.Distributor;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.TopicHistories;
import io.tankws.core.selection.BackplaneSelector;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.BackplaneProvider;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a cluster. It publishes the messages of its manager to all nodes and delivers those of other nodes to
 * local clients.
 *
 * <p>This file is longer than 400 lines because it connects the parts of a node to the manager and to the backplane.
 */
public final class ClusterNode implements ClusterMembership, Distributor, BackplaneListener, NodeMessageReader.Sink {
    static final Duration TICK = Duration.ofMillis(20);
    /** Time to wait for the first connection, so that the first publications do not fail. */
    private static final Duration FIRST_CONNECTION_TIMEOUT = Duration.ofSeconds(3);

    /**
     * Duration of an outage after which other nodes may have revoked access without this node, because its lease had
     * expired. It is less than a lease, which this node renewed up to 5 seconds before.
     */
    private static final Duration MISSED_COMMANDS = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    private final NodeContext context;
    /** Random id of the node. Two nodes have the same id with negligible probability. */
    private final long id = new SecureRandom().nextLong();

    private final Backplane backplane;
    private final ChannelRegistry channels;
    private final ClusterPublisher publisher;
    private final TopicSender topicSender;
    private final DeliveryBatcher batcher;
    private final LossReporter lossReporter;
    /** Topics with history, or {@code null} if the backplane has no shared history. */
    private final @Nullable FollowedTopics followed;

    private final NodeMessageReader reader;
    private final GapDetector gapDetector;
    private final ClusterCounts counts;
    private final NodeRequests requests;
    private final ClusterPresence presence;
    private final PresenceAnnouncements announcements;
    private final CallbackExecutor users;
    private final StageCallbackExecutor calls;
    private final long positionCheckInterval;
    private final Ticker ticker;
    private final FailureLog failures = new FailureLog(LOG::error);
    private final CountDownLatch firstConnection = new CountDownLatch(1);
    private final LongAdder received = new LongAdder();
    private final LongAdder deliveredLocally = new LongAdder();
    private final NodeStatus status;
    private boolean wasConnected;
    /** Time of the last message before the current outage, by {@link System#nanoTime}. */
    private long downSince;

    public ClusterNode(NodeContext context, ClusterConfig cluster, BackplaneProvider provider) {
        this(context, cluster, provider, ThreadStarter.DAEMONS);
    }

    public ClusterNode(NodeContext context, ClusterConfig cluster, BackplaneProvider provider, ThreadStarter starter) {
        this.context = context;
        String manager = context.name();
        backplane = BackplaneSelector.create(provider, backplaneConfig(cluster));
        SharedHistoryStore store = backplane.history().orElse(null);
        if (store == null && context.settings().isConfigured()) {
            throw new IllegalArgumentException("a topicConfigurer on a node needs a backplane with a shared history,"
                    + " which the backplane " + provider.name() + " has not");
        }
        channels =
                new ChannelRegistry(backplane, cluster.unsubscribeGrace().toNanos(), this::release, this::newFollower);
        status = new NodeStatus(manager, name(id), cluster.name());
        users = new CallbackExecutor(manager + "-published", context.limits().callbackThreads());
        calls = new StageCallbackExecutor(users);
        publisher = new ClusterPublisher(cluster, backplane, channels::find, context.events(), calls);
        lossReporter = new LossReporter(context.events(), ClusterNode::name);
        followed = store == null
                ? null
                : new FollowedTopics(
                        store, context.router(), lossReporter, status, context.deadlines(), cluster.publishTimeout());
        topicSender = new TopicSender(id, context, publisher, store, deliveredLocally);
        batcher = new DeliveryBatcher(context.router(), lossReporter::undelivered);
        gapDetector = new GapDetector(id, backplane, publisher, channels, lossReporter);
        reader = new NodeMessageReader(channels, gapDetector, lossReporter, this);
        counts = new ClusterCounts(backplane, context, cluster.publishTimeout(), calls, firstConnection::countDown);
        requests = new NodeRequests(id, backplane, publisher, context.events(), cluster.publishTimeout());
        presence = new ClusterPresence(
                id, backplane, publisher, requests, context.presence(), context.maxPresenceMembers(), calls);
        announcements = new PresenceAnnouncements(id, publisher, cluster.publishTimeout(), context.topics()::deliver);
        positionCheckInterval = context.limits().positionCheckInterval().toNanos();
        ticker = new Ticker(manager + "-cluster", this::tick, starter);
        context.topics().watch(channels);
    }

    private @Nullable TopicFollower newFollower(String topic) {
        return followed == null ? null : new TopicFollower(topic, followed);
    }

    /** Returns the shared histories, or {@code null} if no topic has a history. */
    public @Nullable TopicHistories histories() {
        return followed == null || !context.settings().isConfigured()
                ? null
                : new SharedHistories(context, channels, followed, calls);
    }

    private BackplaneConfig backplaneConfig(ClusterConfig cluster) {
        return new BackplaneConfig(
                cluster.name(),
                cluster.uri(),
                name(id),
                context.name(),
                BackplaneChannel.TOPIC,
                context.limits(),
                () -> new MemoryHistoryStore(new MemoryHistory(context.limits(), RunningTime::nanoTime)));
    }

    static String name(long node) {
        return String.format("%016x", node);
    }

    /** Starts to connect. A failed start leaves nothing behind. */
    @Override
    public void start() {
        ticker.start();
        boolean started = false;
        try {
            publisher.open();
            status.connecting();
            backplane.start(this);
            channels.subscribePermanently(BackplaneChannel.ALL);
            channels.subscribePermanently(BackplaneChannel.ofNode(name(id)));
            started = true;
        } finally {
            if (!started) {
                ticker.stop();
            }
        }
    }

    /**
     * Waits for the first connection and the first lease, so that the next publications do not fail, and the other
     * nodes wait for this one when they revoke.
     */
    @Override
    public void awaitConnection() {
        try {
            firstConnection.await(FIRST_CONNECTION_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long tick() {
        long now = RunningTime.nanoTime();
        // Each task runs on its own, so that a failure does not stop the rest.
        step(calls::check);
        step(() -> publisher.check(now));
        step(() -> requests.check(now));
        step(() -> announcements.check(now));
        step(() -> channels.leave(now).run());
        step(() -> gapDetector.check(now));
        step(() -> lossReporter.flush(now));
        if (followed != null) {
            step(() -> followed.check(now));
            step(() -> channels.checkPositions(now, positionCheckInterval));
        }
        if (status.isUp()) {
            // The lease expires at the backplane in real time.
            step(() -> counts.check(System.nanoTime()));
        }
        return TICK.toNanos();
    }

    private void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failures.report("a step of a cluster node failed", e);
        }
    }

    @Override
    public void reportNewEpoch(String topic) {
        lossReporter.missedPublications(topic, 1, false);
    }

    /** Starts callback threads that could not be started before. */
    @Override
    public void checkThreads() {
        users.check();
    }

    @Override
    public void close(Duration timeout) {
        long deadline = RunningTime.nanoTime() + timeout.toNanos();
        ticker.stop();
        publisher.close();
        requests.close();
        if (followed != null) {
            followed.close();
        }
        step(() -> backplane.close(timeout));
        lossReporter.close();
        status.ended();
        firstConnection.countDown();
        users.shutdown(RunningTime.until(deadline));
        users.interrupt();
        calls.finish();
    }

    private Runnable release(BackplaneChannel channel) {
        return publisher.release(channel);
    }

    @Override
    public CompletionStage<Void> publish(String topic, String data) {
        return topicSender.publish(topic, data);
    }

    @Override
    public CompletionStage<StreamPosition> publish(Publication publication, PublishOptions options) {
        return topicSender.publish(publication, options, position -> position);
    }

    /**
     * Sends messages to all clients except one, or to all if it is {@code null}. A large batch leaves in several
     * messages.
     */
    @Override
    public CompletionStage<Void> broadcast(MessageBatch batch, @Nullable Subscriber excluded, Object sender) {
        context.router().noteReach(excluded);
        List<MessageBatch> parts = batch.parts(NodeMessage.MAX_MESSAGES, NodeMessage.MAX_BYTES / 2);
        CompletionStage<Void> sent = broadcastPart(parts.get(0), excluded);
        for (int i = 1; i < parts.size(); i++) {
            sent = sent.thenCombine(broadcastPart(parts.get(i), excluded), (one, other) -> null);
        }
        return sent;
    }

    private CompletionStage<Void> broadcastPart(MessageBatch part, @Nullable Subscriber excluded) {
        boolean counted = excluded != null && status.isUp();
        if (counted) {
            context.flow().broadcastSent(part.size(), part.bytes);
        }
        long number = excluded == null ? 0 : excluded.number();
        CompletableFuture<Void> sent = send(BackplaneChannel.ALL, number, part.messages, () -> {
            deliveredLocally.add(part.size());
            context.router().broadcast(part, excluded, Thread.currentThread());
        });
        if (counted && sent.isCompletedExceptionally()) {
            // The publish was refused, so no message returns.
            context.flow().broadcastReturned(part.size(), part.bytes);
        }
        return sent;
    }

    private CompletableFuture<Void> send(
            String channel, long excluded, List<Message> messages, Runnable localFallback) {
        if (NodeMessage.bytes(messages) > NodeMessage.MAX_BYTES) {
            return publisher.refuse(
                    "a cluster's message must fit into " + NodeMessage.MAX_BYTES + " bytes, but is larger");
        }
        return publisher.send(channel, NodeMessage.messages(id, excluded, messages), localFallback);
    }

    /**
     * Requests the other nodes to close the connections of a user. The caller does not need the stage of the publish,
     * because the publisher reports each failure as {@link ErrorCode#PUBLISH_FAILED}.
     */
    @Override
    public void closeUser(String userId, CloseStatus status) {
        if (NodeMessage.fits(userId)) {
            publisher.send(BackplaneChannel.ALL, NodeMessage.close(id, userId, status), null);
        } else {
            publisher.refuse(
                    "a cluster's user id must have at most " + NodeMessage.MAX_TEXT_BYTES + " bytes, but has more");
        }
    }

    @Override
    public CompletionStage<Void> command(UserCommand command) {
        if (!NodeMessage.isEncodable(command.userId()) || !NodeMessage.isEncodable(command.topic())) {
            return publisher.refuse("a user id and a topic of a cluster must be Unicode of at most "
                    + NodeMessage.MAX_TEXT_BYTES + " bytes");
        }
        CommandRequest request = new CommandRequest(command, context.events(), calls);
        requests.send(request);
        return request.stage;
    }

    @Override
    public CompletionStage<Presence> presence(String topic) {
        return status.isUp() ? presence.presence(topic) : down();
    }

    @Override
    public CompletionStage<PresenceCounts> presenceCounts(String topic) {
        return status.isUp() ? presence.presenceCounts(topic) : down();
    }

    @Override
    public CompletionStage<Boolean> isPresent(String userId) {
        if (context.presence().connections(userId) > 0) {
            return CompletableFuture.completedStage(true);
        }
        return status.isUp() ? presence.isPresent(userId) : down();
    }

    @Override
    public CompletionStage<UserDelivery> sendToUser(String userId, Message message) {
        // The message returns on another thread, which does not know its sender.
        context.router().noteReach(null);
        return presence.sendToUser(userId, message, () -> {
            deliveredLocally.increment();
            context.presence().send(userId, message);
        });
    }

    @Override
    public void announce(PresenceEvent event) {
        announcements.announce(event);
    }

    @Override
    public CompletionStage<Long> clientCount() {
        return status.isUp() ? counts.clients() : down();
    }

    @Override
    public CompletionStage<Long> topicSubscriberCount(String topic) {
        Objects.requireNonNull(topic, "topic");
        return status.isUp() ? counts.subscribers(topic) : down();
    }

    private static <T> CompletionStage<T> down() {
        return CompletableFuture.failedStage(
                new BackplaneException(BackplaneException.Reason.UNREACHABLE, "the backplane is down", null));
    }

    @Override
    public ClusterHealth health() {
        NodeStatus.State current = status.state();
        return new NodeHealth(
                current.status(),
                current.since(),
                current.detail(),
                name(id),
                channels.topicCount(),
                publisher.published.sum(),
                publisher.failed.sum(),
                publisher.pending(),
                received.sum(),
                lossReporter.missed.get(),
                deliveredLocally.sum(),
                lossReporter.rejected.get(),
                lossReporter.stale.get());
    }

    @Override
    public void onMessage(String name, byte[] bytes) {
        assert RankedLock.noneHeld();
        reader.receive(name, bytes);
        lossReporter.flush(RunningTime.nanoTime());
    }

    @Override
    public void deliver(BackplaneChannel channel, List<Message> messages, long node, long excluded) {
        received.increment();
        TopicFollower follower = channel.follower;
        if (follower != null) {
            follower.receive(messages);
            batcher.followed(follower, NodeMessage.payloadBytes(messages));
        } else if (channel.topic != null) {
            batcher.topic(channel.topic, messages);
        } else {
            boolean own = node == id && excluded != 0;
            batcher.all(messages, own ? context.clients().apply(excluded) : null);
            if (own) {
                long bytes = messages.stream()
                        .mapToLong(message -> message.frame().length())
                        .sum();
                context.flow().broadcastReturned(messages.size(), bytes);
            }
        }
    }

    @Override
    public void deliver(BackplaneChannel channel, Publication publication, byte[] envelope) {
        received.increment();
        TopicFollower follower = channel.follower;
        String excluded = PublicationEnvelope.excluded(envelope, id);
        if (follower != null) {
            follower.receive(publication, excluded);
            batcher.followed(follower, publication.payload().size());
        } else {
            batcher.publication(publication, excluded);
        }
    }

    @Override
    public void onPublication(String name, Publication publication, byte[] envelope) {
        assert RankedLock.noneHeld();
        BackplaneChannel channel = channels.find(name);
        if (channel != null) {
            try {
                deliver(channel, publication, envelope);
            } catch (IllegalArgumentException e) {
                // The text of this exception repeats no part of the envelope.
                lossReporter.rejected(String.valueOf(e.getMessage()));
            }
        }
        lossReporter.flush(RunningTime.nanoTime());
    }

    @Override
    public void close(String userId, CloseStatus status, long node) {
        received.increment();
        if (node != id) {
            // Earlier broadcasts must arrive earlier.
            batcher.flush();
            context.closeUser().accept(userId, status);
        }
    }

    @Override
    public void command(UserCommand command, long number, long node) {
        received.increment();
        if (node != id) {
            // Earlier publications must arrive earlier.
            batcher.flush();
            context.userCommands().accept(command);
            backplane.publish(BackplaneChannel.ofNode(name(node)), NodeMessage.confirmation(id, number));
        }
    }

    @Override
    public void event(PresenceEvent event, long number, long node) {
        received.increment();
        // Earlier publications must arrive earlier.
        batcher.flush();
        if (node == id) {
            announcements.returned(number);
        } else {
            context.topics().deliver(event);
        }
    }

    @Override
    public void userMessage(String userId, Message message) {
        received.increment();
        // Earlier broadcasts must arrive earlier.
        batcher.flush();
        context.presence().send(userId, message);
    }

    @Override
    public boolean question(SurveyQuestion question, long number, long node) {
        received.increment();
        return node == id || presence.answer(question, number, node);
    }

    @Override
    public void reply(long number, long node, NodeReply reply) {
        requests.reply(number, name(node), reply);
    }

    @Override
    public void onReadComplete() {
        batcher.flush();
    }

    @Override
    public void onConnected(Continuity continuity) {
        assert RankedLock.noneHeld();
        publisher.onConnected();
        status.up();
        gapDetector.onConnected(channels.all(), continuity == Continuity.SAME_SERVER);
        if (!wasConnected || System.nanoTime() - downSince > MISSED_COMMANDS.toNanos()) {
            context.authorizeAgain().run();
        }
        wasConnected = true;
        counts.reset();
    }

    @Override
    public void onDisconnected(Throwable cause, Duration since) {
        assert RankedLock.noneHeld();
        downSince = System.nanoTime() - since.toNanos();
        gapDetector.onDisconnected(downSince);
        publisher.onDisconnected(channels.all());
        context.flow().backplaneDown();
        // A caller that sees the new status finds the outage policy in effect.
        status.down(cause);
        String text = wasConnected
                ? "lost touch with the backplane; messages of the last " + since.toMillis()
                        + " ms, and until its return, may be missed"
                : "the backplane cannot be reached";
        context.events().error(ErrorCode.BACKPLANE_FAILED, text, null, cause);
    }

    @Override
    public void onReconnectFailed(Throwable cause) {
        status.stillDown(cause);
    }
}
