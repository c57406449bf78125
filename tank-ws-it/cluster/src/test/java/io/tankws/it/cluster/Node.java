package io.tankws.it.cluster;

import io.tankws.BackplaneException;
import io.tankws.ClientLimits;
import io.tankws.ClusterConfig;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.MissedMessages;
import io.tankws.OutagePolicy;
import io.tankws.Payload;
import io.tankws.StreamPosition;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A manager, a faulty network between it and Redis, and a client that subscribes to all topics. */
final class Node implements AutoCloseable {
    private static final int ROOM = 1 << 20;
    private static final String WARM = "warm";

    /** The published texts, each with the result of its publish. */
    enum Fate {
        UNDER_WAY,
        TAKEN,
        UNCERTAIN,
        FAILED
    }

    final FaultProxy network;
    final Manager manager;
    final Map<String, Fate> published = new ConcurrentHashMap<>();
    /** Positions of the published texts that topics with history keep. */
    final Map<String, StreamPosition> positions = new ConcurrentHashMap<>();

    private final WebSocketServer server;
    private final TestClient client;
    private final RecordingSubscriber<ErrorEvent> errors;
    private final List<String> delivered = new ArrayList<>();
    private volatile boolean closed;
    private final Thread reader = new Thread(this::read, "node-reader");

    Node(TestRedis redis, String cluster, List<String> topics) {
        this(redis, cluster, topics, OutagePolicy.FAIL);
    }

    Node(TestRedis redis, String cluster, List<String> topics, OutagePolicy policy) {
        this(redis, cluster, topics, policy, UnaryOperator.identity());
    }

    Node(
            TestRedis redis,
            String cluster,
            List<String> topics,
            OutagePolicy policy,
            UnaryOperator<Manager.Builder> settings) {
        network = new FaultProxy(redis.address());
        manager = settings.apply(TankWs.builder())
                .greeting("")
                .farewell("")
                .limits(ManagerLimits.builder().eventBuffer(ROOM).build())
                .clientLimits(ClientLimits.builder()
                        .outboxMessages(ROOM)
                        .outboxBytes(1 << 30)
                        .build())
                .cluster(ClusterConfig.builder(
                                cluster,
                                "redis://127.0.0.1:" + network.address().getPort())
                        .outagePolicy(policy)
                        .build())
                .build()
                .start();
        errors = RecordingSubscriber.of(manager.errors());
        server = TankWs.serve("in-memory")
                .port(0)
                .handle("/ws", manager::handleConnection)
                .start();
        client = TestClient.connect(server, "/ws");
        topics.forEach(topic -> client.sendText("sub:" + topic));
        Await.until("the subscriptions", () -> manager.getAllTopics().size() == topics.size());
        Await.until("the backplane", () -> manager.cluster().health().isUp());
        // The publish completes only after Redis has subscribed this node.
        topics.forEach(topic ->
                manager.broadcastTopicMessage(topic, WARM).toCompletableFuture().join());
        reader.start();
    }

    /** Publishes a text that names the publisher, the topic and its number. */
    void publish(String topic, String text) {
        published.put(text, Fate.UNDER_WAY);
        manager.publish(topic, Payload.text(text)).whenComplete((position, error) -> {
            if (error == null && position.offset() > 0) {
                positions.put(text, position);
            }
            published.put(text, fate(error));
        });
    }

    /** Connects another client. */
    TestClient connect(String userId) {
        return TestClient.connect(server, "/ws?user_id=" + userId);
    }

    private static Fate fate(Throwable error) {
        if (error == null) {
            return Fate.TAKEN;
        }
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return ((BackplaneException) cause).reason() == BackplaneException.Reason.UNCERTAIN
                ? Fate.UNCERTAIN
                : Fate.FAILED;
    }

    private void read() {
        while (!closed) {
            try {
                String text = client.awaitText();
                String data = text.replaceFirst(".*\"data\":\"(.*)\"}", "$1");
                synchronized (delivered) {
                    if (!data.equals(WARM)) {
                        delivered.add(data);
                    }
                }
            } catch (AssertionError nothingForLong) {
                // Expected during an outage.
            }
        }
    }

    List<String> delivered() {
        synchronized (delivered) {
            return List.copyOf(delivered);
        }
    }

    String id() {
        return manager.cluster().health().node();
    }

    /** Returns the sum of the missed messages of a publisher and topic, from exact or from inexact reports. */
    long missed(String topic, Node publisher, boolean exact) {
        return errors.items().stream()
                .flatMap(error -> error.details().stream())
                .filter(MissedMessages.class::isInstance)
                .map(MissedMessages.class::cast)
                .filter(missed -> missed.topic().equals(topic))
                .filter(missed -> missed.node().equals(publisher.id()) && missed.exact() == exact)
                .mapToLong(MissedMessages::count)
                .sum();
    }

    /** Returns the sum of the missed publications of a topic with history. */
    long missed(String topic) {
        return errors.items().stream()
                .flatMap(error -> error.details().stream())
                .filter(MissedMessages.class::isInstance)
                .map(MissedMessages.class::cast)
                .filter(missed -> missed.topic().equals(topic))
                .mapToLong(MissedMessages::count)
                .sum();
    }

    @Override
    public void close() {
        closed = true;
        manager.shutdown(Duration.ZERO);
        server.close();
        client.close();
        network.close();
    }
}
