package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import io.tankws.BackplaneException.Reason;
import io.tankws.HistoryPage;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.BackplaneConfig;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.FaultProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Histories in Redis: missing keys, foreign entries, bounds and failures. Each test has its own topic. */
class RedisHistoryTest {
    private static final TopicOptions TEN =
            TopicOptions.builder().historySize(10).build();

    private static TestRedis redis;
    private static TestNode node;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.start();
        node = TestNode.up("c", redis.uri());
    }

    @AfterAll
    static void stop() throws IOException {
        node.close();
        redis.close();
    }

    private static String key(String kind, String topic) {
        String tag = SlotTags.of(RedisKeys.utf8("tankws:c:t:" + topic));
        return "tankws:c:{" + tag + "}:" + kind + ":" + (kind.equals("epochs") ? "" : topic);
    }

    private static void appendMany(String topic, int number) {
        for (int i = 0; i < number; i++) {
            node.append(topic, "x", TEN);
        }
    }

    @Test
    void theKeysOfATopicHaveATimeToLive() {
        node.append("ttl", "x", TEN);
        for (String kind : List.of("meta", "stream", "epochs")) {
            assertTrue(Long.parseLong(redis.text("PTTL", key(kind, "ttl"))) > 0, kind);
        }
    }

    @Test
    void aTopicWithoutMetadataHasANewEpochAndNoneOfItsOldPublications() {
        appendMany("meta", 3);
        StreamPosition old = node.top("meta");
        redis.text("DEL", key("meta", "meta"));
        StreamPosition top = node.top("meta");
        assertEquals(0, top.offset());
        assertNotEquals(old.epoch(), top.epoch());
        assertEquals(List.of(), node.kept("meta"));
        assertTrue(node.read("meta").isComplete());
        assertEquals(new StreamPosition(top.epoch(), 1), node.append("meta", "new", TEN));
        assertEquals(List.of("new@1"), node.kept("meta"));
    }

    @Test
    void aTopicWithoutItsStreamContinues() {
        appendMany("stream", 3);
        StreamPosition top = node.top("stream");
        redis.text("DEL", key("stream", "stream"));
        assertEquals(top, node.top("stream"));
        assertFalse(node.read("stream").isComplete());
        assertEquals(new StreamPosition(top.epoch(), 4), node.append("stream", "new", TEN));
        assertEquals(List.of("new@4"), node.kept("stream"));
    }

    @Test
    void anEpochWithoutAnOffsetIsNotContinued() {
        appendMany("offset", 3);
        StreamPosition old = node.top("offset");
        redis.text("HDEL", key("meta", "offset"), "s");
        StreamPosition top = node.top("offset");
        assertEquals(0, top.offset());
        assertNotEquals(old.epoch(), top.epoch());
        assertEquals(new StreamPosition(top.epoch(), 1), node.append("offset", "new", TEN));
        assertEquals(List.of("new@1"), node.kept("offset"));
    }

    /** Removes each combination of keys and each pair of fields, before reads and before publications. */
    @Test
    void noMixtureOfMissingKeysFailsOrRepeatsAPosition() {
        List<List<String>> losses = new ArrayList<>();
        List<String> kinds = List.of("meta", "stream", "epochs");
        for (int mask = 0; mask < 8; mask++) {
            List<String> keys = new ArrayList<>(List.of("DEL", "unknown"));
            for (int i = 0; i < kinds.size(); i++) {
                if ((mask & 1 << i) != 0) {
                    keys.add(key(kinds.get(i), "mixture"));
                }
            }
            losses.add(keys);
        }
        List<String> fields = List.of("e", "s", "r", "b", "f");
        for (String one : fields) {
            for (String two : fields) {
                losses.add(List.of("HDEL", key("meta", "mixture"), one, two));
            }
        }
        losses.add(List.of("HDEL", key("epochs", "mixture"), "r"));
        losses.add(List.of("HSET", key("meta", "mixture"), "s", "1.5", "e", "\n"));
        losses.add(List.of("SET", key("stream", "mixture"), "no stream"));
        Map<StreamPosition, String> texts = new HashMap<>();
        for (List<String> loss : losses) {
            for (int reads = 0; reads < 2; reads++) {
                node.append("mixture", "before", TEN);
                String reply = redis.text(loss.toArray(new String[0]));
                assertFalse(reply.startsWith("-"), reply);
                for (int i = 0; i < 2; i++) {
                    StreamPosition before = reads == 0 || loss.get(0).equals("SET") ? null : node.top("mixture");
                    String text = loss + " " + reads + " " + i;
                    StreamPosition position = node.append("mixture", text, TEN);
                    assertEquals(null, texts.put(position, text), () -> "the position of " + text);
                    if (before != null) {
                        assertEquals(new StreamPosition(before.epoch(), before.offset() + 1), position);
                    }
                    List<Publication> kept = node.read("mixture").publications();
                    assertEquals(position, kept.get(kept.size() - 1).position());
                    for (int at = 0; at < kept.size(); at++) {
                        assertEquals(
                                position.offset() - kept.size() + 1 + at,
                                kept.get(at).offset());
                    }
                }
            }
        }
    }

    @Test
    void entriesThatNoNodeHasWrittenCountAsLost() {
        appendMany("foreign", 2);
        redis.text("XADD", key("stream", "foreign"), "3-0", "p", "garbage");
        redis.text("HSET", key("meta", "foreign"), "s", "3");
        HistoryPage page = node.read("foreign");
        assertEquals(List.of(), page.publications());
        assertFalse(page.isComplete());
        assertEquals(3, page.top().offset());
        // The next entry has an id below the newest one.
        redis.text("XADD", key("stream", "foreign"), "9-0", "p", "garbage");
        assertEquals(4, node.append("foreign", "new", TEN).offset());
        assertEquals(List.of("new@4"), node.kept("foreign"));
    }

    @Test
    void aStreamWithAGapCountsAsLost() {
        appendMany("gap", 3);
        redis.text("XDEL", key("stream", "gap"), "2-0");
        assertEquals(List.of(), node.kept("gap"));
        assertFalse(node.read("gap").isComplete());
        assertEquals(4, node.append("gap", "new", TEN).offset());
    }

    @Test
    void offsetsAreExactUpToTheLargestOne() {
        node.append("max", "x", TEN);
        String epoch = node.top("max").epoch();
        redis.text("DEL", key("stream", "max"));
        redis.text("HSET", key("meta", "max"), "s", "" + (StreamPosition.MAX_OFFSET - 1));
        assertEquals(new StreamPosition(epoch, StreamPosition.MAX_OFFSET), node.append("max", "last", TEN));
        assertEquals(List.of("last@" + StreamPosition.MAX_OFFSET), node.kept("max"));
        StreamPosition next = node.append("max", "next", TEN);
        assertEquals(1, next.offset());
        assertNotEquals(epoch, next.epoch());
        assertEquals(List.of("next@1"), node.kept("max"));
    }

    /** Compares the kept publications with a model, while sizes and bounds change and the stream sometimes is lost. */
    @Test
    void bothBoundsHoldWhateverTheSizes() {
        long seed = 20;
        Random random = new Random(seed);
        Deque<Integer> model = new ArrayDeque<>();
        for (int i = 1; i <= 600; i++) {
            int size = random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(20);
            int maxSize = i < 300 ? 20 : 1 + random.nextInt(30);
            int maxBytes = i < 100 ? 1_000_000 : i < 400 ? 200 : 1 + random.nextInt(400);
            if (random.nextInt(50) == 0) {
                redis.text("DEL", key("stream", "bounds"));
                model.clear();
            }
            TopicOptions options = TopicOptions.builder()
                    .historySize(maxSize)
                    .historyBytes(maxBytes)
                    .build();
            node.append("bounds", "x".repeat(size), options);
            model.addLast(size);
            while (model.size() > maxSize
                    || model.stream().mapToInt(Integer::intValue).sum() > maxBytes) {
                model.removeFirst();
            }
            HistoryPage page = node.read("bounds");
            assertEquals(
                    List.copyOf(model),
                    page.publications().stream()
                            .map(publication -> publication.payload().size())
                            .toList(),
                    "seed " + seed + ", publication " + i);
            assertEquals(i, page.top().offset());
        }
    }

    @Test
    void aPublicationAboveTheBoundOfAMessageIsRefused() {
        Publication publication = Publication.builder("large", Payload.binary(new byte[PublicationMessage.MAX_BYTES]))
                .build();
        assertEquals(
                Reason.REFUSED,
                TestNode.failure(node.history().append(publication, TEN, PublishOptions.defaults()))
                        .reason());
        assertEquals(0, node.top("large").offset());
    }

    @Test
    void aForgedPublicationIsDeliveredAsAMessage() {
        node.subscribe("t:forged");
        List<byte[]> forged = List.of(
                new byte[] {(byte) 0xFF, 1},
                new byte[] {(byte) 0xFF, 1, 0, 0x7F, -1, -1, -1, 1},
                new byte[] {(byte) 0xFF, 1, 3, 'a', ':', 'x', 0, 0, 0, 0, 1, 1},
                new byte[] {(byte) 0xFF, 1, 0, 0, 0, 0, 0, 9});
        node.append("forged", "real", TEN);
        for (byte[] bytes : forged) {
            redis.publish("tankws:c:t:forged", bytes);
        }
        node.append("forged", "real", TEN);
        node.awaitMessage("t:forged=real@2");
        List<String> received = node.messages.stream()
                .filter(message -> message.startsWith("t:forged="))
                .toList();
        assertEquals(forged.size() + 2, received.size(), received::toString);
    }

    @Test
    void keysAndChannelOfATopicAreInOneSlot() {
        RedisKeys keys = new RedisKeys(new BackplaneConfig("c", redis.uri(), "n", "n"));
        for (String topic :
                List.of("", "a", "{a}", "}{", "{}", "a}b", "{a", "\u00e4{b}c}", "\ud800", "x".repeat(1000))) {
            int slot = SlotHash.getSlot(keys.channel("t:" + topic));
            RedisKeys.TopicKeys names = keys.topic(topic);
            for (byte[] key :
                    List.of(names.metadata(), names.stream(), names.epochs(), names.idempotency(topic, "}k{"))) {
                assertEquals(slot, SlotHash.getSlot(key), topic);
            }
        }
    }

    @Test
    void aTopicWithALoneSurrogateHasAHistoryOfItsOwn() {
        assertEquals(1, node.append("\ud800", "a", TEN).offset());
        assertEquals(1, node.append("?", "b", TEN).offset());
        assertEquals(List.of("a@1"), node.kept("\ud800"));
    }

    @Test
    void publicationsContinueAfterAllScriptsWereRemoved() throws IOException {
        try (TestRedis own = TestRedis.start();
                TestNode other = TestNode.up("c", own.uri())) {
            StreamPosition first = other.append("a", "1", TEN);
            assertEquals("OK", own.ask("SCRIPT", "FLUSH"));
            assertEquals(
                    Reason.REFUSED,
                    TestNode.failure(other.appendLater("a", "2", TEN)).reason());
            assertEquals(new StreamPosition(first.epoch(), 2), other.append("a", "3", TEN));
            assertEquals(List.of("1@1", "3@2"), other.kept("a"));
            assertEquals(List.of("up"), other.calls);
        }
    }

    @Test
    void aPublicationInFlightFailsAsUncertain() {
        try (FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()));
                TestNode other =
                        TestNode.up("c", "redis://127.0.0.1:" + proxy.address().getPort())) {
            other.append("flight", "1", TEN);
            proxy.downstream(Fault.after(0, Fault.End.BLACK_HOLE));
            CompletionStage<?> stage = other.appendLater("flight", "2", TEN);
            Await.until("Redis has it", () -> node.top("flight").offset() == 2);
            proxy.upstream(Fault.after(0, Fault.End.CLOSE));
            assertEquals(Reason.UNCERTAIN, TestNode.failure(stage).reason());
            assertEquals(List.of("1@1", "2@2"), node.kept("flight"));
        }
    }

    @Test
    void anEvictionPolicyForAllKeysIsReportedOnce() throws IOException {
        List<String> warnings = new CopyOnWriteArrayList<>();
        try (TestRedis own = TestRedis.start("maxmemory-policy allkeys-lru")) {
            RedisBackplane backplane = new RedisBackplane(
                    new BackplaneConfig("c", own.uri(), "n", "n"), RedisEndpoints.parse(own.uri()), warnings::add);
            try (TestNode other = new TestNode(backplane)) {
                other.awaitCall("up");
                assertEquals(1, warnings.size());
                assertTrue(warnings.get(0).contains("noeviction"), warnings.get(0));
                own.ask("CLIENT", "KILL", "TYPE", "pubsub");
                other.awaitCall("up", 2);
                assertEquals(1, warnings.size());
            }
            for (String policy : List.of("noeviction", "volatile-lru", "volatile-ttl")) {
                own.ask("CONFIG", "SET", "maxmemory-policy", policy);
                RedisBackplane next = new RedisBackplane(
                        new BackplaneConfig("c", own.uri(), "n", "n"), RedisEndpoints.parse(own.uri()), warnings::add);
                try (TestNode other = new TestNode(next)) {
                    other.awaitCall("up");
                    assertEquals(1, warnings.size(), policy);
                }
            }
        }
    }

    @Test
    void aUserWithoutTheRightToAskForTheServerHasAHistory() throws IOException {
        try (TestRedis own = TestRedis.start("user tank on >secret allkeys allchannels +@all -info -config")) {
            String uri = "redis://tank:secret@127.0.0.1:" + own.port();
            StreamPosition first;
            try (TestNode other = TestNode.up("c", uri)) {
                StreamPosition top = other.top("a");
                first = other.append("a", "1", TEN);
                assertEquals(new StreamPosition(top.epoch(), 1), first);
            }
            try (TestNode other = TestNode.up("c", uri)) {
                assertEquals(new StreamPosition(first.epoch(), 2), other.append("a", "2", TEN));
                assertEquals(List.of("1@1", "2@2"), other.kept("a"));
            }
        }
    }

    @Test
    void fullMemoryRefusesAPublicationAndKeepsTheHistory() throws IOException {
        try (TestRedis own = TestRedis.start();
                TestNode other = TestNode.up("c", own.uri())) {
            StreamPosition first = other.append("a", "1", TEN);
            own.ask("CONFIG", "SET", "maxmemory", "1");
            assertEquals(
                    Reason.REFUSED,
                    TestNode.failure(other.appendLater("a", "2", TEN)).reason());
            assertEquals(List.of("1@1"), other.kept("a"));
            own.ask("CONFIG", "SET", "maxmemory", "0");
            assertEquals(new StreamPosition(first.epoch(), 2), other.append("a", "3", TEN));
        }
    }

    @Test
    void anUnusedTopicLeavesNothing() throws IOException {
        try (TestRedis own = TestRedis.start();
                TestNode other = TestNode.up("c", own.uri())) {
            other.append("a", "1", TEN);
            other.top("b");
            RedisTime.pass(own, "tankws:c:*", Duration.ofDays(30));
            assertEquals("[]", own.text("KEYS", "tankws:c:*"));
        }
    }

    @Test
    void theOldestIdempotencyKeyMakesRoomForANewOne() {
        ManagerLimits limits = ManagerLimits.builder().maxIdempotencyKeys(3).build();
        try (TestNode other = new TestNode(RedisHistoryContractTest.create("keys", redis.uri(), limits))) {
            other.awaitCall("up");
            for (int round = 1; round <= 2; round++) {
                for (String key : List.of("1", "2", "3", "4")) {
                    // The key before the last three is forgotten, so each publication of the second round is new.
                    long expected = 4 * (round - 1) + Long.parseLong(key);
                    assertEquals(expected, appendWithKey(other, key).position().offset());
                }
            }
            assertEquals(
                    new AppendResult.Repeated(new StreamPosition(other.top("a").epoch(), 8)),
                    appendWithKey(other, "4"));
            assertEquals(3, redis.text("KEYS", "tankws:keys:*:key:*").split(",").length);
        }
    }

    private static AppendResult appendWithKey(TestNode other, String key) {
        Publication publication = Publication.builder("a", Payload.text(key)).build();
        PublishOptions options = PublishOptions.builder().idempotencyKey(key).build();
        return TestNode.join(other.history().append(publication, TEN, options));
    }

    @Test
    void aDamagedIdempotencyKeyCountsAsMissing() {
        try (TestNode other = TestNode.up("damaged", redis.uri())) {
            appendWithKey(other, "1");
            String key = redis.text("KEYS", "tankws:damaged:*:key:*").replaceAll("[\\[\\]]", "");
            for (String value : List.of("", "garbage", "e:", ":x", "e:99999999999999999", "\n:1")) {
                assertEquals("OK", redis.text("SET", key, value, "PX", "1000"));
                assertTrue(appendWithKey(other, "1") instanceof AppendResult.Appended, value);
            }
            assertTrue(appendWithKey(other, "1") instanceof AppendResult.Repeated);
        }
    }

    @Test
    void topicsWithoutAStreamTakeBoundedMemory() {
        for (int i = 0; i < 2_000; i++) {
            // All names belong to one slot because of their hash tag.
            node.top("{one}" + i);
        }
        String slot = "tankws:c:{" + SlotTags.of(RedisKeys.utf8("tankws:c:t:{one}0")) + "}:epochs:";
        assertEquals(65, Integer.parseInt(redis.text("HLEN", slot)));
    }
}
