package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.Manager;
import io.tankws.OverflowPolicy;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.WebSocketServer;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Topics with a history that all nodes share, on every backplane and on a manager without a cluster. */
public abstract class ClusterHistoryContract extends BackplaneTestBase {
    private static final int ROUNDS = 200;
    private static final int REPLY_ROUNDS = 60;
    private static final int SLOW_OUTBOX = 20;
    private static final String SLOW_PADDING = "x".repeat(20_000);

    /** For subclasses. */
    protected ClusterHistoryContract() {}

    private Node remembering() {
        return node(
                "contract",
                UnaryOperator.identity(),
                builder -> builder.topicConfigurer(topic -> switch (topic) {
                    case "news" ->
                        TopicOptions.builder()
                                .historySize(100_000)
                                .recoverable()
                                .build();
                    case "small" ->
                        TopicOptions.builder().historySize(3).recoverable().build();
                    case "price" ->
                        TopicOptions.builder().historySize(5).lastValue().build();
                    default -> TopicOptions.NONE;
                }));
    }

    private List<Node> rememberingNodes() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < (cluster("contract").isPresent() ? 3 : 1); i++) {
            nodes.add(remembering());
        }
        return nodes;
    }

    private static Node last(List<Node> nodes) {
        return nodes.get(nodes.size() - 1);
    }

    private static StreamPosition publish(Node node, String topic, String text) {
        return await(node.manager().publish(topic, Payload.text(text)));
    }

    private static Client find(Node node, String userId) {
        return node.manager().clients().stream()
                .filter(client -> client.userId().equals(userId))
                .findFirst()
                .orElseThrow();
    }

    private static HistoryPage page(Node node, String topic, HistoryQuery query) {
        return await(node.manager().history(topic, query)).page();
    }

    private static List<String> texts(List<Publication> publications) {
        return publications.stream()
                .map(publication -> publication.payload().asText())
                .toList();
    }

    @Test
    void publicationsOfAllNodesGetConsecutiveOffsetsAndReachEachSubscriberOnce() {
        List<Node> nodes = rememberingNodes();
        List<TestClient> clients = subscribers(nodes, "news");
        StreamPosition position = publish(nodes.get(0), "news", "begin");
        for (int i = 0; i < 30; i++) {
            StreamPosition next = publish(nodes.get(i % nodes.size()), "news", "m" + i);
            assertEquals(new StreamPosition(position.epoch(), position.offset() + 1), next);
            position = next;
        }
        for (TestClient client : clients) {
            client.awaitText(envelope("news", "begin"));
            IntStream.range(0, 30).forEach(i -> client.awaitText(envelope("news", "m" + i)));
        }
        nodes.forEach(node -> assertEquals(0, node.manager().cluster().health().missed()));
    }

    @Test
    void aClientRecoversOnAnotherNode() {
        List<Node> nodes = rememberingNodes();
        StreamPosition seen = publish(nodes.get(0), "news", "0");
        IntStream.rangeClosed(1, 5).forEach(i -> publish(nodes.get(i % nodes.size()), "news", "" + i));
        TestClient ann = connect(last(nodes), "ann");
        Recovery recovery = await(find(last(nodes), "ann").subscribe("news", seen));
        publish(nodes.get(0), "news", "6");
        assertTrue(recovery.isComplete());
        assertEquals(5, recovery.publications());
        assertEquals(new StreamPosition(seen.epoch(), seen.offset() + 5), recovery.position());
        IntStream.rangeClosed(1, 6).forEach(i -> ann.awaitText(envelope("news", "" + i)));
    }

    @Test
    void aRecoveryOfMoreThanWhatIsKeptIsNotPartial() {
        List<Node> nodes = rememberingNodes();
        StreamPosition seen = publish(nodes.get(0), "small", "0");
        IntStream.rangeClosed(1, 5).forEach(i -> publish(nodes.get(0), "small", "" + i));
        TestClient ann = connect(last(nodes), "ann");
        Recovery recovery = await(find(last(nodes), "ann").subscribe("small", seen));
        publish(nodes.get(0), "small", "6");
        assertFalse(recovery.isComplete());
        assertEquals(0, recovery.publications());
        assertEquals(seen.offset() + 5, recovery.position().offset());
        ann.awaitText(envelope("small", "6"));
    }

    @Test
    void aPositionOfAnotherLifeOrBeyondTheTopRecoversNothing() {
        List<Node> nodes = rememberingNodes();
        StreamPosition top = publish(nodes.get(0), "news", "1");
        TestClient ann = connect(last(nodes), "ann");
        Client client = find(last(nodes), "ann");
        for (StreamPosition unknown :
                List.of(new StreamPosition("another", 0), new StreamPosition(top.epoch(), top.offset() + 1))) {
            assertFalse(await(client.subscribe("news", unknown)).isComplete());
            assertInstanceOf(
                    UnknownPosition.class, await(last(nodes).manager().history("news", HistoryQuery.since(unknown))));
            assertTrue(client.unsubscribe("news"));
        }
        last(nodes).manager().broadcastMessage("end");
        ann.awaitText("end");
    }

    @Test
    void aNewSubscriberOnAnyNodeGetsTheLastValue() {
        List<Node> nodes = rememberingNodes();
        publish(nodes.get(0), "price", "1");
        publish(nodes.get(0), "price", "2");
        List<TestClient> clients = new ArrayList<>();
        for (Node node : nodes) {
            TestClient client = connect(node, "ann" + nodes.indexOf(node));
            client.sendText("sub:price");
            client.awaitText(envelope("price", "2"));
            clients.add(client);
        }
        publish(nodes.get(0), "price", "3");
        clients.forEach(client -> client.awaitText(envelope("price", "3")));
    }

    @Test
    void everyNodeReadsAndRemovesTheHistory() {
        List<Node> nodes = rememberingNodes();
        StreamPosition first = publish(nodes.get(0), "news", "1");
        await(nodes.get(0).manager().broadcastTopicMessage("news", "2"));
        HistoryPage page = page(last(nodes), "news", HistoryQuery.since(first));
        assertEquals(List.of("2"), texts(page.publications()));
        assertEquals(new StreamPosition(first.epoch(), first.offset() + 1), page.top());
        await(last(nodes).manager().removeHistory("news"));
        HistoryPage empty = page(nodes.get(0), "news", HistoryQuery.builder().build());
        assertEquals(List.of(), empty.publications());
        assertEquals(page.top(), empty.top());
    }

    @Test
    void anIdempotencyKeyThatAnotherNodeRepeatsPublishesNothing() {
        List<Node> nodes = rememberingNodes();
        for (String topic : List.of("news", "other")) {
            List<TestClient> clients = subscribers(nodes, topic);
            PublishOptions once = PublishOptions.builder().idempotencyKey("key").build();
            StreamPosition position = await(nodes.get(0).manager().publish(topic, Payload.text("once"), once));
            assertEquals(position, await(last(nodes).manager().publish(topic, Payload.text("twice"), once)));
            await(nodes.get(0).manager().publish(topic, Payload.text("end")));
            for (TestClient client : clients) {
                client.awaitText(envelope(topic, "once"));
                client.awaitText(envelope(topic, "end"));
            }
        }
    }

    @Test
    void everyPartOfAPublicationReachesAllNodes() {
        List<Node> nodes = rememberingNodes();
        PublishOptions tagged =
                PublishOptions.builder().tags(Map.of("lang", "en")).build();
        for (String topic : List.of("news", "other")) {
            List<TestClient> clients = subscribers(nodes, topic);
            await(nodes.get(0).manager().publish(topic, Payload.json("{\"n\":1}"), tagged));
            await(nodes.get(0).manager().publish(topic, Payload.binary(new byte[] {1})));
            await(nodes.get(0).manager().publish(topic, Payload.text("end")));
            for (TestClient client : clients) {
                client.awaitText("{\"topic\":\"" + topic + "\",\"data\":\"{\\\"n\\\":1}\"}");
                client.awaitText(envelope(topic, "end"));
            }
        }
        nodes.forEach(
                node -> assertEquals(2L, node.manager().statistics().drops().get(DropReason.NOT_REPRESENTABLE)));
        HistoryQuery newest = HistoryQuery.builder().reverse().limit(3).build();
        List<Publication> kept = page(last(nodes), "news", newest).publications();
        assertEquals(Payload.Kind.BINARY, kept.get(1).payload().kind());
        assertEquals(Map.of("lang", "en"), kept.get(2).tags());
    }

    @Test
    void anExcludedClientOfTheNodeGetsNothing() {
        List<Node> nodes = rememberingNodes();
        for (String topic : List.of("news", "other")) {
            List<TestClient> clients = subscribers(nodes, topic);
            PublishOptions options = PublishOptions.builder()
                    .excludedClientId(find(nodes.get(0), topic + "0").id())
                    .build();
            await(nodes.get(0).manager().publish(topic, Payload.text("hidden"), options));
            await(nodes.get(0).manager().publish(topic, Payload.text("end")));
            clients.get(0).awaitText(envelope(topic, "end"));
            for (TestClient client : clients.subList(1, clients.size())) {
                client.awaitText(envelope(topic, "hidden"));
                client.awaitText(envelope(topic, "end"));
            }
        }
    }

    @Test
    void aPublicationThatIsNotKeptKeepsItsPlaceInTheOrder() {
        List<Node> nodes = rememberingNodes();
        List<TestClient> clients = subscribers(nodes, "news");
        PublishOptions notKept = PublishOptions.builder().notKept().build();
        StreamPosition first = publish(nodes.get(0), "news", "1");
        assertEquals(StreamPosition.NONE, await(nodes.get(0).manager().publish("news", Payload.text("2"), notKept)));
        assertEquals(first.offset() + 1, publish(nodes.get(0), "news", "3").offset());
        clients.forEach(client -> List.of("1", "2", "3").forEach(data -> client.awaitText(envelope("news", data))));
    }

    @Test
    void aHistoryOutlivesEveryNode() {
        if (cluster("contract").isEmpty()) {
            return;
        }
        List<Node> nodes = rememberingNodes();
        StreamPosition seen = publish(nodes.get(0), "news", "1");
        publish(nodes.get(1), "news", "2");
        nodes.forEach(node -> node.manager().shutdown(Duration.ZERO));
        Node next = remembering();
        assertEquals(new StreamPosition(seen.epoch(), seen.offset() + 2), publish(next, "news", "3"));
        TestClient ann = connect(next, "ann");
        assertTrue(await(find(next, "ann").subscribe("news", seen)).isComplete());
        ann.awaitText(envelope("news", "2"));
        ann.awaitText(envelope("news", "3"));
    }

    /** Returns a server of a node for a protocol with offsets. */
    private WebSocketServer lines(Node node) {
        return closing(server().port(0)
                .handle("/lines", node.manager().endpoint(new LineProtocol(false)))
                .start());
    }

    private TestClient speak(WebSocketServer server, String userId) {
        return closing(TestClient.connect(server, "/lines?user_id=" + userId));
    }

    @Test
    void aSlowClientReceivesEverythingThatTheSharedHistoryKeeps() {
        UnaryOperator<Manager.Builder> catchingUp = builder -> builder.overflowPolicy(OverflowPolicy.CATCH_UP)
                .topicConfigurer(topic -> TopicOptions.builder()
                        .historySize(1_000)
                        .historyBytes(30_000_000)
                        .build())
                .clientLimits(ClientLimits.builder()
                        .outboxMessages(SLOW_OUTBOX)
                        .writeTimeout(Duration.ofMinutes(10))
                        .build());
        Node own = node("contract", UnaryOperator.identity(), catchingUp);
        Node publisher = cluster("contract").isPresent() ? node("contract", UnaryOperator.identity(), catchingUp) : own;
        TestClient slow = speak(lines(own), "slow");
        slow.sendText("sub news");
        assertTrue(slow.awaitText().startsWith("subscribed news "));
        slow.reading(false);
        int published = 0;
        while (own.manager().statistics().drops().getOrDefault(DropReason.CATCH_UP, 0L) < 2 * SLOW_OUTBOX) {
            publish(publisher, "news", ++published + SLOW_PADDING);
            assertTrue(published < 1_000, "the outbox never overflows");
        }
        slow.reading(true);
        for (int i = 1; i <= published; i++) {
            slow.awaitText("pub news " + i + ":" + i + SLOW_PADDING);
        }
        publish(publisher, "news", "end");
        slow.awaitText("pub news " + (published + 1) + ":end");
        assertEquals(1, own.manager().getClientCount());
    }

    /** Two nodes publish without a pause. A client of one of them recovers with a reply that has the publications. */
    @Test
    void aReplyWithARecoveryPrecedesTheFirstLivePublicationInAStorm() {
        List<Node> nodes = rememberingNodes();
        TestClient ann = speak(lines(last(nodes)), "ann");
        AtomicBoolean storming = new AtomicBoolean(true);
        List<Thread> storm = new ArrayList<>();
        for (Node node : nodes.subList(Math.max(0, nodes.size() - 2), nodes.size())) {
            Thread thread = new Thread(() -> {
                while (storming.get()) {
                    publish(node, "news", "m");
                    LockSupport.parkNanos(50_000);
                }
            });
            storm.add(thread);
            thread.start();
        }
        String epoch = "";
        long seen = 0;
        try {
            for (int round = 0; round < REPLY_ROUNDS; round++) {
                ann.sendText(round == 0 ? "sub news" : "sub news " + epoch + ":" + seen + " required");
                String[] reply = ann.awaitText().split(" ", -1);
                assertEquals("subscribed", reply[0], () -> String.join(" ", reply));
                String[] position = reply[2].split(":", -1);
                if (round == 0) {
                    epoch = position[0];
                    seen = Long.parseLong(position[1]);
                } else {
                    assertEquals(List.of(epoch, "true"), List.of(position[0], reply[3]));
                    for (String entry : reply[4].isEmpty() ? new String[0] : reply[4].split(",")) {
                        assertEquals(++seen + ":m", entry);
                    }
                    assertEquals(seen, Long.parseLong(position[1]));
                }
                for (int live = 0; live < 2; live++) {
                    assertEquals("pub news " + ++seen + ":m", ann.awaitText());
                }
                ann.sendText("unsub news");
                for (String text = ann.awaitText(); !text.equals("unsubscribed true"); text = ann.awaitText()) {
                    assertEquals("pub news " + ++seen + ":m", text);
                }
            }
        } finally {
            storming.set(false);
            storm.forEach(BackplaneTestBase::join);
        }
        assertEquals(0, last(nodes).manager().cluster().health().missed());
    }

    /** All nodes but the last publish without a pause. A client of the last one unsubscribes and recovers. */
    @Test
    void nothingIsMissedOrRepeatedWhileAClientRecoversInAStormOfOtherNodes() {
        List<Node> nodes = rememberingNodes();
        Node own = last(nodes);
        TestClient ann = connect(own, "ann");
        Client client = find(own, "ann");
        StreamPosition begin =
                await(client.subscribe("news", new StreamPosition("", 0))).position();
        AtomicBoolean storming = new AtomicBoolean(true);
        AtomicInteger number = new AtomicInteger();
        List<Thread> storm = new ArrayList<>();
        for (Node node : nodes.subList(0, Math.max(1, nodes.size() - 1))) {
            Thread thread = new Thread(() -> {
                while (storming.get()) {
                    publish(node, "news", "m" + number.incrementAndGet());
                    LockSupport.parkNanos(50_000);
                }
            });
            storm.add(thread);
            thread.start();
        }
        List<String> received = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                received.add(ann.awaitText());
                assertTrue(client.unsubscribe("news"));
                // The marker follows everything that the subscription has queued.
                assertTrue(client.send("marker"));
                for (String text = ann.awaitText(); !text.equals("marker"); text = ann.awaitText()) {
                    received.add(text);
                }
                StreamPosition seen = new StreamPosition(begin.epoch(), begin.offset() + received.size());
                Recovery recovery = await(client.subscribe("news", seen));
                assertTrue(recovery.isComplete(), recovery::toString);
                assertTrue(recovery.position().offset() >= seen.offset(), recovery::toString);
            }
        } finally {
            storming.set(false);
            storm.forEach(BackplaneTestBase::join);
        }
        HistoryPage all = page(own, "news", HistoryQuery.since(begin));
        while (received.size() < all.publications().size()) {
            received.add(ann.awaitText());
        }
        assertEquals(
                texts(all.publications()).stream()
                        .map(text -> envelope("news", text))
                        .toList(),
                received);
        assertEquals(0, own.manager().cluster().health().missed());
    }
}
