package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.BackplaneException;
import io.tankws.HistoryQuery;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.PublisherInfo;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of the histories that the nodes of a cluster share, in addition to {@link HistoryStoreContract}. */
public abstract class SharedHistoryStoreContract {
    private static final String TOPIC = "news";
    private static final String CHANNEL = "t:" + TOPIC;
    private static final byte[] ENVELOPE = {1, 0, -1};
    private static final int APPENDS = 100;
    private static final TopicOptions TEN =
            TopicOptions.builder().historySize(10).build();
    private static final TopicOptions ALL = TopicOptions.builder()
            .historySize(1000)
            .historyTtl(Duration.ofDays(1))
            .build();

    private final List<Node> nodes = new ArrayList<>();

    /** For subclasses. */
    protected SharedHistoryStoreContract() {}

    /**
     * Creates the backplane of a further node. All nodes of a test belong to one cluster, which no other test uses.
     *
     * @return a backplane that has not been started, whose channels of topics begin with {@code t:}
     */
    protected abstract Backplane create();

    /** Makes the server unavailable, so that the nodes report it. */
    protected abstract void breakServer();

    /** Makes the server available again after {@link #breakServer}. It still has its data. */
    protected abstract void repairServer();

    /** Removes the data of the server. */
    protected abstract void removeData();

    /** A node that records what it receives. */
    private static final class Node implements BackplaneListener {
        final Backplane backplane;
        final List<String> received = new CopyOnWriteArrayList<>();
        final List<Publication> publications = new CopyOnWriteArrayList<>();
        volatile byte[] envelope = {};
        volatile int connections;
        volatile boolean up;

        Node(Backplane backplane) {
            this.backplane = backplane;
        }

        SharedHistoryStore history() {
            return backplane.history().orElseThrow();
        }

        AppendResult append(String text, TopicOptions topicOptions, PublishOptions options) {
            Publication publication =
                    Publication.builder(TOPIC, Payload.text(text)).build();
            return BackplaneTestBase.await(
                    history().append(publication, topicOptions, options, CHANNEL, ENVELOPE.clone()));
        }

        StreamPosition append(String text) {
            return append(text, TEN, PublishOptions.defaults()).position();
        }

        @Override
        public void onMessage(String channel, byte[] message) {
            received.add("message " + new String(message, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void onPublication(String channel, Publication publication, byte[] bytes) {
            assertEquals(CHANNEL, channel);
            envelope = bytes;
            publications.add(publication);
            received.add(publication.payload().asText() + " " + publication.offset());
        }

        @Override
        public void onReadComplete() {}

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread calls the listener
        public void onConnected(Continuity continuity) {
            connections++;
            up = true;
        }

        @Override
        public void onDisconnected(Throwable cause, Duration since) {
            up = false;
        }

        @Override
        public void onReconnectFailed(Throwable cause) {}
    }

    private Node start() {
        Node node = new Node(create());
        nodes.add(node);
        node.backplane.start(node);
        Await.until("the node is connected", () -> node.up);
        return node;
    }

    private Node startSubscribed() {
        Node node = start();
        boolean[] subscribed = {false};
        node.backplane.subscribe(CHANNEL, () -> {
            synchronized (subscribed) {
                subscribed[0] = true;
            }
        });
        Await.until("the node is subscribed", () -> {
            synchronized (subscribed) {
                return subscribed[0];
            }
        });
        return node;
    }

    @AfterEach
    final void closeNodes() {
        nodes.forEach(node -> node.backplane.close(Await.timeout()));
    }

    private static void awaitReceived(Node node, String... expected) {
        Await.until(
                "the node receives " + List.of(expected),
                () -> node.received.size() >= expected.length,
                () -> "only " + node.received);
        assertEquals(List.of(expected), node.received);
    }

    @Test
    void aPublicationReachesAllSubscribersAtItsPosition() {
        Node one = startSubscribed();
        Node two = startSubscribed();
        Publication publication = Publication.builder(TOPIC, Payload.json("{\"a\":1}"))
                .timeMillis(1)
                .tags(Map.of("k", "v"))
                .publisher(PublisherInfo.of("c", "u").withInfo(Payload.text("i")))
                .build();
        AppendResult result = BackplaneTestBase.await(
                one.history().append(publication, TEN, PublishOptions.defaults(), CHANNEL, ENVELOPE.clone()));
        Publication expected = publication.at(result.position());
        assertEquals(1, expected.offset());
        for (Node node : nodes) {
            awaitReceived(node, "{\"a\":1} 1");
            assertEquals(List.of(expected), node.publications);
            assertArrayEquals(ENVELOPE, node.envelope);
        }
        assertEquals(List.of(expected), read(two));
    }

    @Test
    void allNodesSeeOneStream() {
        Node one = start();
        Node two = start();
        StreamPosition top = BackplaneTestBase.await(two.history().top(TOPIC));
        assertEquals(new StreamPosition(top.epoch(), 1), one.append("a"));
        assertEquals(new StreamPosition(top.epoch(), 2), two.append("b"));
        assertEquals(read(one), read(two));
        BackplaneTestBase.await(two.history().remove(TOPIC));
        assertEquals(List.of(), read(one));
        assertEquals(
                new StreamPosition(top.epoch(), 2),
                BackplaneTestBase.await(one.history().top(TOPIC)));
    }

    @Test
    void aRepetitionOnAnotherNodeIsNotPublished() {
        Node one = startSubscribed();
        Node two = startSubscribed();
        PublishOptions kept = PublishOptions.builder().idempotencyKey("k").build();
        PublishOptions notKept =
                PublishOptions.builder().idempotencyKey("n").notKept().build();
        AppendResult first = one.append("a", TEN, kept);
        assertEquals(new AppendResult.Repeated(first.position()), two.append("b", TEN, kept));
        one.append("c", TEN, notKept);
        assertEquals(new AppendResult.Repeated(StreamPosition.NONE), two.append("d", TEN, notKept));
        two.append("last");
        awaitReceived(one, "a 1", "c 0", "last 2");
        awaitReceived(two, "a 1", "c 0", "last 2");
    }

    @Test
    void aPublicationThatIsNotKeptIsOnlyPublished() {
        Node node = startSubscribed();
        PublishOptions notKept = PublishOptions.builder().notKept().build();
        assertEquals(StreamPosition.NONE, node.append("a", TEN, notKept).position());
        assertEquals(
                StreamPosition.NONE,
                node.append("b", TopicOptions.NONE, PublishOptions.defaults()).position());
        awaitReceived(node, "a 0", "b 0");
        assertArrayEquals(ENVELOPE, node.envelope);
        assertEquals(List.of(), read(node));
        assertEquals(1, node.append("c").offset());
    }

    @Test
    void anAppendWithoutAChannelIsNotPublished() {
        Node node = startSubscribed();
        Publication publication = Publication.builder(TOPIC, Payload.text("a")).build();
        BackplaneTestBase.await(node.history().append(publication, TEN, PublishOptions.defaults()));
        node.append("b");
        awaitReceived(node, "b 2");
    }

    @Test
    void publicationsAndMessagesOfOneChannelKeepTheirOrder() {
        Node node = startSubscribed();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            node.append("p");
            expected.add("p " + i);
            // Messages may have any bytes.
            byte[] message = {(byte) 0xFF, (byte) (i % 3), (byte) i};
            BackplaneTestBase.await(node.backplane.publish(CHANNEL, message));
            expected.add("message " + new String(message, StandardCharsets.ISO_8859_1));
        }
        awaitReceived(node, expected.toArray(new String[0]));
    }

    @Test
    void concurrentPublicationsOfTwoNodesAreDeliveredInTheOrderOfTheirOffsets() {
        Node one = startSubscribed();
        Node two = startSubscribed();
        List<CompletionStage<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < APPENDS; i++) {
            for (Node node : nodes) {
                results.add(node.history()
                        .append(
                                Publication.builder(TOPIC, Payload.text((node == one ? "one " : "two ") + i))
                                        .build(),
                                ALL,
                                PublishOptions.defaults(),
                                CHANNEL,
                                ENVELOPE.clone()));
            }
        }
        results.forEach(BackplaneTestBase::await);
        for (Node node : nodes) {
            Await.until("the node receives all", () -> node.publications.size() == 2 * APPENDS);
            for (int i = 0; i < 2 * APPENDS; i++) {
                assertEquals(i + 1, node.publications.get(i).offset());
            }
            // Each node's publications keep their order, because one thread has published them.
            for (String name : List.of("one ", "two ")) {
                List<String> texts = node.publications.stream()
                        .map(publication -> publication.payload().asText())
                        .filter(text -> text.startsWith(name))
                        .toList();
                for (int i = 0; i < APPENDS; i++) {
                    assertEquals(name + i, texts.get(i));
                }
            }
        }
        assertEquals(one.publications, two.publications);
        assertEquals(one.publications, read(one));
    }

    @Test
    void theHistoryOutlivesItsNodes() {
        Node one = start();
        StreamPosition position = one.append("a");
        PublishOptions key = PublishOptions.builder().idempotencyKey("k").build();
        AppendResult keyed = one.append("b", TEN, key);
        List<Publication> kept = read(one);
        Node two = start();
        one.backplane.close(Await.timeout());
        two.backplane.close(Await.timeout());
        Node three = start();
        assertEquals(kept, read(three));
        assertEquals(new AppendResult.Repeated(keyed.position()), three.append("b", TEN, key));
        assertEquals(new StreamPosition(position.epoch(), 3), three.append("c"));
    }

    @Test
    void callsFailWhileTheServerIsDownAndWorkAfterwards() {
        Node node = startSubscribed();
        StreamPosition first = node.append("a");
        awaitReceived(node, "a 1");
        breakServer();
        Await.until("the node is disconnected", () -> !node.up);
        Publication publication = Publication.builder(TOPIC, Payload.text("b")).build();
        for (CompletionStage<?> stage : List.of(
                node.history().append(publication, TEN, PublishOptions.defaults(), CHANNEL, ENVELOPE.clone()),
                node.history()
                        .append(publication, TopicOptions.NONE, PublishOptions.defaults(), CHANNEL, ENVELOPE.clone()),
                node.history().read(TOPIC, HistoryQuery.top()),
                node.history().top(TOPIC),
                node.history().remove(TOPIC))) {
            BackplaneException failure =
                    assertInstanceOf(BackplaneException.class, BackplaneTestBase.awaitFailure(stage));
            assertEquals(BackplaneException.Reason.UNREACHABLE, failure.reason());
        }
        repairServer();
        Await.until("the node is connected again", () -> node.connections == 2);
        assertEquals(new StreamPosition(first.epoch(), 2), node.append("c"));
        awaitReceived(node, "a 1", "c 2");
    }

    @Test
    void aServerWithoutItsDataBeginsANewEpoch() {
        Node node = startSubscribed();
        StreamPosition first = node.append("a");
        StreamPosition other = BackplaneTestBase.await(node.history().top("other"));
        removeData();
        StreamPosition second = node.append("b");
        assertEquals(1, second.offset());
        assertNotEquals(first.epoch(), second.epoch());
        assertNotEquals(
                other.epoch(),
                BackplaneTestBase.await(node.history().top("other")).epoch());
        awaitReceived(node, "a 1", "b 1");
        assertEquals(1, read(node).size());
    }

    @Test
    void aWrongChannelOrEnvelopeIsRejectedAtOnce() {
        Node node = startSubscribed();
        Publication publication = Publication.builder(TOPIC, Payload.text("a")).build();
        SharedHistoryStore history = node.history();
        PublishOptions options = PublishOptions.defaults();
        assertThrows(
                IllegalArgumentException.class,
                () -> history.append(publication, TEN, options, "t:other", ENVELOPE.clone()));
        byte[] tooLarge = new byte[SharedHistoryStore.MAX_ENVELOPE_BYTES + 1];
        assertThrows(
                IllegalArgumentException.class, () -> history.append(publication, TEN, options, CHANNEL, tooLarge));
        byte[] largest = new byte[SharedHistoryStore.MAX_ENVELOPE_BYTES];
        assertEquals(
                1,
                BackplaneTestBase.await(history.append(publication, TEN, options, CHANNEL, largest))
                        .position()
                        .offset());
        awaitReceived(node, "a 1");
        assertEquals(SharedHistoryStore.MAX_ENVELOPE_BYTES, node.envelope.length);
    }

    @Test
    void aNodeReturnsTheSameStoreUntilItsBackplaneCloses() {
        Node node = start();
        SharedHistoryStore history = node.history();
        assertSame(history, node.history());
        history.close();
        node.append("a");
        node.backplane.close(Await.timeout());
        BackplaneException failure =
                assertInstanceOf(BackplaneException.class, BackplaneTestBase.awaitFailure(history.top(TOPIC)));
        assertEquals(BackplaneException.Reason.NOT_RUNNING, failure.reason());
    }

    private static List<Publication> read(Node node) {
        return BackplaneTestBase.await(
                        node.history().read(TOPIC, HistoryQuery.builder().build()))
                .page()
                .publications();
    }
}
