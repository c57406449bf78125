package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.BinaryRelay;
import io.tankws.ClusterHealth;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything that holds on every backplane while it works, and on a manager that is alone. */
public abstract class BackplaneContract extends BackplaneTestBase {
    private static final int MANY = 200;

    /** For subclasses. */
    protected BackplaneContract() {}

    @Test
    void topicMessageReachesTheSubscribersOfAllNodes() {
        List<Node> nodes = nodes();
        List<TestClient> clients = subscribers(nodes, "news");
        TestClient other = connect(nodes.get(0), "other");
        for (Node node : nodes) {
            String data = "of " + nodes.indexOf(node);
            await(node.manager().broadcastTopicMessage("news", data));
            clients.forEach(client -> client.awaitText(envelope("news", data)));
        }
        await(nodes.get(0).manager().broadcastMessage("end"));
        other.awaitText("end");
    }

    @Test
    void broadcastReachesTheClientsOfAllNodes() {
        List<Node> nodes = nodes();
        List<TestClient> clients = clients(nodes);
        for (Node node : nodes) {
            await(node.manager().broadcastMessage("text"));
            await(node.manager().broadcastMessage(new byte[] {1, 0, -1}));
            for (TestClient client : clients) {
                client.awaitText("text");
                assertArrayEquals(new byte[] {1, 0, -1}, client.awaitBinary());
            }
        }
    }

    @Test
    void relayReachesAllButItsSender() {
        List<Node> nodes = nodes();
        List<TestClient> clients = clients(nodes);
        TestClient neighbour = connect(nodes.get(0), "neighbour");
        clients.get(0).sendText("hello");
        neighbour.awaitText("hello");
        clients.subList(1, clients.size()).forEach(client -> client.awaitText("hello"));
        await(nodes.get(0).manager().broadcastMessage("end"));
        clients.get(0).awaitText("end");
    }

    @Test
    void binaryIsRelayedToAllNodesAsText() {
        List<Node> nodes = nodes();
        List<TestClient> clients = clients(nodes);
        TestClient neighbour = connect(nodes.get(0), "neighbour");
        clients.get(0).sendBinary("Grüße 🐢".getBytes(StandardCharsets.UTF_8));
        clients.get(0).sendBinary(new byte[] {1, 0, -1});
        clients.get(0).sendText("end");
        List<TestClient> others = new ArrayList<>(clients.subList(1, clients.size()));
        others.add(neighbour);
        for (TestClient other : others) {
            other.awaitText("Grüße 🐢");
            other.awaitText("end");
        }
        assertEquals(
                Map.of(ErrorCode.SERIALIZATION_FAILED, 1L),
                nodes.get(0).manager().statistics().errors());
        assertEquals(
                Map.of(DropReason.NOT_TEXT, 1L),
                nodes.get(0).manager().statistics().drops());
    }

    @Test
    void theNodeOfTheSenderDecidesHowBinaryIsRelayed() {
        Node binary =
                node("contract", UnaryOperator.identity(), settings -> settings.binaryRelay(BinaryRelay.AS_BINARY));
        TestClient sender = connect(binary, "sender");
        List<TestClient> others = new ArrayList<>(List.of(connect(binary, "neighbour")));
        if (cluster("contract").isPresent()) {
            others.add(connect(node(), "other"));
        }
        sender.sendBinary(new byte[] {1, 0, -1});
        others.forEach(other -> assertArrayEquals(new byte[] {1, 0, -1}, other.awaitBinary()));
    }

    @Test
    void broadcastLeavesOutTheExcludedClientAlone() {
        List<Node> nodes = nodes();
        List<TestClient> clients = clients(nodes);
        Node first = nodes.get(0);
        await(first.manager()
                .broadcastMessage(
                        Message.text("but one"), first.manager().clients().get(0)));
        await(first.manager().broadcastMessage("end"));
        clients.get(0).awaitText("end");
        clients.subList(1, clients.size()).forEach(client -> client.awaitText("but one"));
    }

    @Test
    void allNodesSeeOneOrder() {
        List<Node> nodes = nodes();
        List<TestClient> clients = subscribers(nodes, "order");
        List<Thread> publishers = new ArrayList<>();
        for (Node node : nodes) {
            int number = nodes.indexOf(node);
            Thread publisher = new Thread(() -> IntStream.range(0, MANY)
                    .forEach(i -> node.manager().broadcastTopicMessage("order", number + "-" + i)));
            publishers.add(publisher);
            publisher.start();
        }
        publishers.forEach(BackplaneTestBase::join);
        List<List<String>> seen = new ArrayList<>();
        for (TestClient client : clients) {
            List<String> texts = new ArrayList<>();
            IntStream.range(0, MANY * nodes.size()).forEach(i -> texts.add(client.awaitText()));
            seen.add(texts);
        }
        seen.forEach(texts -> assertEquals(seen.get(0), texts));
        for (int publisher = 0; publisher < nodes.size(); publisher++) {
            String mark = "\"" + publisher + "-";
            List<String> own =
                    seen.get(0).stream().filter(text -> text.contains(mark)).toList();
            int number = publisher;
            assertEquals(
                    IntStream.range(0, MANY)
                            .mapToObj(i -> envelope("order", number + "-" + i))
                            .toList(),
                    own);
        }
    }

    @Test
    void broadcastsOfOneNodeKeepTheirOrder() {
        List<Node> nodes = nodes();
        List<TestClient> clients = clients(nodes);
        IntStream.range(0, MANY).forEach(i -> nodes.get(0).manager().broadcastMessage("m" + i));
        clients.forEach(client -> IntStream.range(0, MANY).forEach(i -> client.awaitText("m" + i)));
    }

    @Test
    void closesAUserOnAllNodes() {
        List<Node> nodes = nodes();
        List<TestClient> clients =
                nodes.stream().map(node -> connect(node, "ann")).toList();
        TestClient other = connect(nodes.get(nodes.size() - 1), "bob");
        assertEquals(1, nodes.get(0).manager().closeClient("ann"));
        clients.forEach(client -> assertEquals(1000, client.awaitClose().code()));
        await(nodes.get(0).manager().broadcastMessage("end"));
        other.awaitText("end");
    }

    @Test
    void whatANodePublishesReachesItsOwnNewSubscriber() {
        Node node = node();
        TestClient client = connect(node, "ann");
        for (int i = 0; i < 50; i++) {
            String topic = "topic" + i;
            client.sendText("sub:" + topic);
            Await.until("the subscription", () -> node.manager().getTopicSubscriberCount(topic) == 1);
            node.manager().broadcastTopicMessage(topic, "now");
        }
        IntStream.range(0, 50)
                .mapToObj(i -> client.awaitText())
                .sorted()
                .toList()
                .forEach(text -> assertEquals(envelope(text.split("\"")[3], "now"), text));
    }

    @Test
    void whoHasLeftATopicGetsNoMoreOfIt() {
        List<Node> nodes = nodes();
        List<TestClient> clients = subscribers(nodes, "left");
        clients.get(0).sendText("unsub:left");
        Await.until("the end", () -> nodes.get(0).manager().getTopicSubscriberCount("left") == 0);
        nodes.forEach(node -> await(node.manager().broadcastTopicMessage("left", "late")));
        nodes.forEach(node -> await(node.manager().broadcastMessage("end")));
        clients.get(0).awaitText("end");
    }

    @Test
    void aTopicIsLeftAndSubscribedAnew() {
        Node node = node("contract", cluster -> cluster.unsubscribeGrace(Duration.ofMillis(1)));
        TestClient client = connect(node, "ann");
        for (int i = 0; i < 500; i++) {
            client.sendText("sub:churn");
            Await.until("the subscription", () -> node.manager().getTopicSubscriberCount("churn") == 1);
            await(node.manager().broadcastTopicMessage("churn", "m" + i));
            client.awaitText(envelope("churn", "m" + i));
            client.sendText("unsub:churn");
            Await.until("the end", () -> node.manager().getTopicSubscriberCount("churn") == 0);
        }
        Await.until(
                "the topic to be left", () -> node.manager().cluster().health().topics() == 0);
    }

    @Test
    void clustersDoNotHearEachOther() {
        Node here = node();
        Node elsewhere = node("elsewhere", UnaryOperator.identity());
        TestClient client = subscriber(here, "ann", "news");
        await(elsewhere.manager().broadcastTopicMessage("news", "of another cluster"));
        await(elsewhere.manager().broadcastMessage("of another cluster"));
        elsewhere.manager().closeClient("ann");
        await(here.manager().broadcastTopicMessage("news", "ours"));
        client.awaitText(envelope("news", "ours"));
    }

    @Test
    void countsTheWholeCluster() {
        List<Node> nodes = nodes();
        subscribers(nodes, "counted");
        connect(nodes.get(0), "one more");
        for (Node node : nodes) {
            Await.until("the clients", () -> await(node.manager().cluster().clientCount()) == nodes.size() + 1);
            Await.until(
                    "the subscribers",
                    () -> await(node.manager().cluster().topicSubscriberCount("counted")) == nodes.size());
        }
        assertEquals(0, await(nodes.get(0).manager().cluster().topicSubscriberCount("nobody's")));
        Node last = nodes.get(nodes.size() - 1);
        last.manager().shutdown(Duration.ZERO);
        if (nodes.size() > 1) {
            Await.until(
                    "the count without the stopped node",
                    () -> await(nodes.get(0).manager().cluster().clientCount()) == nodes.size());
        }
    }

    @Test
    void tellsOfItsHealth() {
        Node node = node();
        await(node.manager().broadcastTopicMessage("news", "x"));
        ClusterHealth health = node.manager().cluster().health();
        if (cluster("contract").isPresent()) {
            assertEquals(ClusterHealth.Status.UP, health.status());
            assertEquals(1, health.published());
        } else {
            assertEquals(ClusterHealth.Status.STANDALONE, health.status());
        }
        assertEquals(0, health.publishFailures() + health.missed() + health.pending() + health.deliveredLocally());
    }

    @Test
    void refusesWhatCannotBeATopic() {
        Node node = node();
        assertThrows(IllegalArgumentException.class, () -> node.manager().broadcastTopicMessage("", "x"));
        assertThrows(IllegalArgumentException.class, () -> node.manager().broadcastTopicMessage("x".repeat(256), "x"));
    }

    @Test
    void whatDependsOnAPublishMayBlock() {
        Node node = node();
        TestClient client = subscriber(node, "ann", "news");
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> publishers = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                // On a manager that is alone, and wherever the answer comes quickly, this thread waits itself.
                Thread publisher = new Thread(() ->
                        node.manager().broadcastTopicMessage("news", "before").thenRun(() -> awaitUninterrupted(end)));
                publishers.add(publisher);
                publisher.start();
                client.awaitText(envelope("news", "before"));
            }
            await(node.manager().broadcastTopicMessage("news", "after"));
            client.awaitText(envelope("news", "after"));
            await(node.manager().cluster().clientCount());
        } finally {
            end.countDown();
        }
        publishers.forEach(BackplaneTestBase::join);
    }

    @Test
    void whatDependsOnAPublishMayShutDown() {
        shutsDownFrom(node -> node.manager().broadcastTopicMessage("news", "down"));
    }

    @Test
    void whatDependsOnACountMayShutDown() {
        shutsDownFrom(node -> node.manager().cluster().clientCount());
    }

    /** Where the answer comes quickly, a dependent action runs on the thread that adds it. */
    private void shutsDownFrom(Function<Node, CompletionStage<?>> call) {
        Node node = node();
        node.manager().setServer(node.server());
        subscriber(node, "ann", "news");
        CountDownLatch returned = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Runnable shutdown = () -> node.manager().shutdown(Await.timeout().multipliedBy(3));
        try {
            Thread caller = new Thread(() -> call.apply(node).thenRun(() -> {
                shutdown.run();
                returned.countDown();
                awaitUninterrupted(end);
            }));
            caller.start();
            Await.until("the return of the call", () -> returned.getCount() == 0);
            Thread last = new Thread(shutdown);
            last.start();
            join(last);
        } finally {
            end.countDown();
        }
    }

    private List<TestClient> clients(List<Node> nodes) {
        return nodes.stream()
                .map(node -> connect(node, "user" + nodes.indexOf(node)))
                .toList();
    }
}
