package io.tankws.testkit.contract;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The base class of backplane contracts. It closes nodes and clients after each test. */
abstract class BackplaneTestBase implements BackplaneFixture {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** One manager and the server in front of it. */
    record Node(Manager manager, WebSocketServer server) {}

    @AfterEach
    final void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    final <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    final Node node(String cluster, UnaryOperator<ClusterConfig.Builder> settings) {
        return node(cluster, settings, UnaryOperator.identity());
    }

    final Node node(
            String cluster, UnaryOperator<ClusterConfig.Builder> settings, UnaryOperator<Manager.Builder> more) {
        Manager.Builder builder = more.apply(manager().greeting("").farewell(""));
        cluster(cluster)
                .map(config -> settings.apply(config.toBuilder()).build())
                .ifPresent(builder::cluster);
        Manager manager = builder.build().start();
        closing(() -> manager.shutdown(Duration.ZERO));
        Await.until("the node to be up", () -> manager.cluster().health().isUp());
        return new Node(
                manager,
                closing(server().port(0)
                        .handle("/ws", manager::handleConnection)
                        .start()));
    }

    final Node node() {
        return node("contract", UnaryOperator.identity());
    }

    /** Three, or the only one that there can be. */
    final List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < (cluster("contract").isPresent() ? 3 : 1); i++) {
            nodes.add(node());
        }
        return nodes;
    }

    /** Connects and waits until the node has the client. */
    final TestClient connect(Node node, String userId) {
        TestClient client = closing(TestClient.connect(node.server(), "/ws?user_id=" + userId));
        Await.until(
                "the client " + userId,
                () -> node.manager().clients().stream()
                        .anyMatch(connected -> connected.userId().equals(userId)));
        return client;
    }

    /** Connects, subscribes, and waits until what any node publishes arrives. */
    final TestClient subscriber(Node node, String userId, String topic) {
        TestClient client = connect(node, userId);
        int before = node.manager().getTopicSubscriberCount(topic);
        client.sendText("sub:" + topic);
        Await.until("the subscription of " + userId, () -> node.manager().getTopicSubscriberCount(topic) == before + 1);
        // It leaves only when the backplane has subscribed the node.
        await(node.manager().broadcastTopicMessage(topic, "first"));
        client.awaitText(envelope(topic, "first"));
        return client;
    }

    /** Has a subscriber at each node, each of which has read nothing but what is published from now on. */
    final List<TestClient> subscribers(List<Node> nodes, String topic) {
        List<TestClient> clients = new ArrayList<>();
        for (Node node : nodes) {
            clients.add(subscriber(node, topic + nodes.indexOf(node), topic));
        }
        await(nodes.get(0).manager().broadcastTopicMessage(topic, "all"));
        for (TestClient client : clients) {
            String text = client.awaitText();
            while (!text.equals(envelope(topic, "all"))) {
                text = client.awaitText();
            }
        }
        return clients;
    }

    static String envelope(String topic, String data) {
        return "{\"topic\":\"" + topic + "\",\"data\":\"" + data + "\"}";
    }

    /** Waits for what must succeed. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Await.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError("the stage did not succeed", e);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join(Await.timeout().toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (thread.isAlive()) {
            throw new AssertionError(thread + " did not end in time");
        }
    }

    static void awaitUninterrupted(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits for what must fail. */
    static @Nullable Throwable awaitFailure(CompletionStage<?> stage) {
        try {
            Object value = stage.toCompletableFuture().get(Await.timeout().toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("the stage succeeded with " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("the stage did not complete in time", e);
        }
    }
}
