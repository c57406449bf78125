package io.tankws.core;

import io.tankws.BackplaneException;
import io.tankws.CloseStatus;
import io.tankws.Cluster;
import io.tankws.ClusterHealth;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.MissedMessagesException;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.BackplaneProvider;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A manager's part in its cluster: what goes out to all nodes, and what comes in from them. */
final class ClusterNode implements BackplaneListener {
    static final Duration TICK = Duration.ofMillis(20);
    /** The first connection of a process takes its time; what is published meanwhile would fail. */
    private static final Duration FIRST_UP = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    private final Engine engine;
    private final Cluster cluster;
    /** No other node has or had this number, by all likelihood. */
    private final long id = new SecureRandom().nextLong();

    private final Backplane backplane;
    private final Channels channels;
    private final Departures departures;
    private final Arrivals arrivals;
    private final Heads heads;
    private final Census census;
    private final Callbacks users;
    private final UserCalls calls;
    private final ScheduledThreadPoolExecutor timer;
    private final CountDownLatch firstUp = new CountDownLatch(1);
    private final LongAdder received = new LongAdder();
    private final LongAdder missed = new LongAdder();
    private final LongAdder deliveredLocally = new LongAdder();
    private final NodeStatus status;
    private boolean wasUp;

    ClusterNode(Engine engine, Cluster cluster, BackplaneProvider provider) {
        this.engine = engine;
        this.cluster = cluster;
        String manager = engine.settings.name();
        backplane = provider.create(new BackplaneConfig(cluster.name(), cluster.uri(), name(id), manager));
        channels = new Channels(backplane, cluster.unsubscribeGrace().toNanos(), this::release);
        status = new NodeStatus(manager, name(id), cluster.name());
        users = new Callbacks(manager + "-published", engine.settings.limits().callbackThreads());
        calls = new UserCalls(users);
        departures = new Departures(cluster, backplane, channels::find, engine.events, calls);
        arrivals = new Arrivals(engine, this::lost);
        heads = new Heads(id, backplane, departures, channels, this::missed);
        census = new Census(backplane, engine, cluster.publishTimeout(), calls);
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, manager + "-cluster");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        engine.topics.watch(channels);
    }

    private static String name(long node) {
        return String.format("%016x", node);
    }

    /** Begins to connect. */
    void start() {
        departures.open();
        status.connecting();
        backplane.start(this);
        channels.want(Channel.ALL);
        channels.want(Channel.ofNode(name(id)));
        timer.scheduleWithFixedDelay(this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits a moment until it has connected, so that what is published next does not fail. */
    void awaitUp() {
        try {
            firstUp.await(FIRST_UP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            calls.check();
            departures.check(now);
            channels.leave(now).run();
            heads.check(now);
            if (status.isUp()) {
                census.check(now);
            }
        } catch (RuntimeException | Error e) {
            // Of no message's making; the next tick shall come.
            LOG.error("{}: a tick failed", engine.settings.name(), e);
        }
    }

    void close(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        timer.shutdownNow();
        departures.close();
        backplane.close(timeout);
        status.ended();
        firstUp.countDown();
        users.shutdown(Engine.left(deadline));
        users.interrupt();
    }

    private Runnable release(Channel channel) {
        return departures.release(channel);
    }

    CompletionStage<Void> publish(String topic, Message message) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(topic)) {
            throw new IllegalArgumentException("a cluster's topic cannot hold a lone surrogate");
        }
        List<Message> messages = List.of(message);
        return departures.send(Channel.ofTopic(topic), Letter.messages(id, 0, messages), () -> {
            deliveredLocally.increment();
            engine.deliver(topic, Burst.of(message), Thread.currentThread());
        });
    }

    /** Sends to all clients but one, {@code null} for all. */
    CompletionStage<Void> broadcast(Burst burst, ClientSession excluded) {
        long number = excluded == null ? 0 : excluded.number();
        return departures.send(Channel.ALL, Letter.messages(id, number, burst.messages), () -> {
            deliveredLocally.add(burst.size());
            engine.deliver(burst, excluded, Thread.currentThread());
        });
    }

    /** Has the other nodes close a user's connections. */
    void closeUser(String userId, CloseStatus status) {
        departures.send(Channel.ALL, Letter.close(id, userId, status), null);
    }

    CompletionStage<Long> clientCount() {
        return status.isUp() ? census.clients() : down();
    }

    CompletionStage<Long> subscriberCount(String topic) {
        return status.isUp() ? census.subscribers(topic) : down();
    }

    private static CompletionStage<Long> down() {
        return CompletableFuture.failedStage(
                new BackplaneException(BackplaneException.Reason.UNREACHABLE, "the backplane is down", null));
    }

    ClusterHealth health() {
        NodeStatus.State current = status.state();
        return new ClusterHealth(
                current.status(),
                current.since(),
                current.detail(),
                name(id),
                channels.topicCount(),
                departures.published.sum(),
                departures.failed.sum(),
                departures.pending(),
                received.sum(),
                missed.sum(),
                deliveredLocally.sum());
    }

    @Override
    public void onMessage(String name, byte[] bytes) {
        try {
            take(name, Letter.open(bytes));
        } catch (IllegalArgumentException e) {
            String text = "something on a channel of the cluster is not of this library: " + e.getMessage();
            engine.events.error(ErrorCode.BACKPLANE_FAILED, text, null, e);
        }
    }

    private void take(String name, Letter letter) {
        Channel channel = channels.find(name);
        if (channel == null) {
            // Left a moment ago.
            return;
        }
        switch (letter.kind) {
            case Letter.MESSAGES -> {
                if (channel.arrived(letter, this::missed)) {
                    received.increment();
                    long excluded = letter.read(Letter::number);
                    deliver(channel, letter.read(open -> open.messages(channel.topic)), letter.node, excluded);
                }
            }
            case Letter.CLOSE -> {
                if (channel.arrived(letter, this::missed)) {
                    received.increment();
                    CloseStatus status = letter.read(open -> new CloseStatus(open.closeCode(), open.text()));
                    close(letter.read(Letter::text), status, letter.node);
                }
            }
            case Letter.HEADS_WANTED -> {
                long nanos = TimeUnit.MILLISECONDS.toNanos(letter.read(Letter::number));
                heads.asked(name(letter.node), nanos, letter.read(Letter::channels));
            }
            case Letter.HEADS -> {
                if (channel.name.equals(Channel.ALL)) {
                    heads.cameBack(letter.node);
                }
                heads.told(letter.node, letter.read(Letter::heads));
            }
            default -> throw new IllegalArgumentException("no such kind of letter");
        }
    }

    private void deliver(Channel channel, List<Message> messages, long node, long excluded) {
        if (channel.topic != null) {
            arrivals.topic(channel.topic, messages);
        } else {
            arrivals.all(messages, node == id && excluded != 0 ? engine.registry.find(excluded) : null);
        }
    }

    private void close(String userId, CloseStatus status, long node) {
        if (node != id) {
            // What was broadcast before it arrives before it.
            arrivals.flush();
            engine.closeUser(userId, status);
        }
    }

    @Override
    public void onReadComplete() {
        arrivals.flush();
    }

    @Override
    public void onUp(boolean same) {
        departures.up();
        status.up();
        heads.up(channels.all(), same);
        wasUp = true;
        census.reset();
        firstUp.countDown();
    }

    @Override
    public void onDown(Throwable cause, Duration since) {
        heads.down(System.nanoTime() - since.toNanos());
        departures.down(channels.all());
        // Whoever sees it finds the outage policy at work already.
        status.down(cause);
        String text = wasUp
                ? "lost touch with the backplane; messages of the last " + since.toMillis()
                        + " ms, and until its return, may be missed"
                : "the backplane cannot be reached";
        engine.events.error(ErrorCode.BACKPLANE_FAILED, text, null, cause);
    }

    @Override
    public void onStillDown(Throwable cause) {
        status.stillDown(cause);
    }

    /** The messages came, but this node failed to deliver them. */
    private void lost(String topic, int messages, Throwable cause) {
        missed.add(messages);
        String text = messages + " messages "
                + (topic == null ? "to all clients" : "of a topic")
                + " were received but not delivered";
        engine.events.error(ErrorCode.MESSAGES_MISSED, text, null, cause);
    }

    private void missed(Channel channel, long node, long count, boolean exact) {
        missed.add(count);
        MissedMessagesException cause = new MissedMessagesException(channel.topic, name(node), count, exact);
        engine.events.error(ErrorCode.MESSAGES_MISSED, cause.getMessage(), null, cause);
    }
}
