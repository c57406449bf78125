package io.tankws.core.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HistoryQuery;
import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.spi.AppendResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bounds of the history in memory, and the memory that it frees. */
class MemoryHistoryTest {
    private static final TopicOptions TEN = TopicOptions.builder()
            .historySize(10)
            .historyTtl(Duration.ofSeconds(10))
            .build();
    /** The bytes with which a topic counts that has a name of one character and one publication of 100 bytes. */
    private static final int ONE = TopicStream.OVERHEAD + 2 + PublicationSize.PUBLICATION + 100;

    private long now;
    private MemoryHistory history = create(ManagerLimits.builder());

    private MemoryHistory create(ManagerLimits.Builder limits) {
        return new MemoryHistory(limits.build(), () -> now);
    }

    private StreamPosition append(String topic, int bytes, TopicOptions options) {
        Publication publication =
                Publication.builder(topic, Payload.binary(new byte[bytes])).build();
        return history.append(publication, options, PublishOptions.defaults()).position();
    }

    private StreamPosition append(String topic) {
        return append(topic, 100, TEN);
    }

    private AppendResult append(String topic, String key) {
        return history.append(
                Publication.builder(topic, Payload.text("")).build(),
                TopicOptions.NONE,
                PublishOptions.builder().idempotencyKey(key).build());
    }

    private int kept(String topic) {
        return history.read(topic, HistoryQuery.builder().build())
                .page()
                .publications()
                .size();
    }

    @Test
    void theLeastRecentlyUsedTopicMakesRoomForAnother() {
        history = create(ManagerLimits.builder().maxTopicsWithHistory(2));
        StreamPosition a = append("a");
        StreamPosition b = append("b");
        // A read is a use, so b is the topic that was used least recently.
        assertEquals(1, kept("a"));
        append("c");
        assertEquals(2, history.topics());
        assertEquals(1, history.evictions());
        assertEquals(a, history.top("a"));
        StreamPosition evicted = history.top("b");
        assertEquals(0, evicted.offset());
        assertNotEquals(b.epoch(), evicted.epoch());
        UnknownPosition unknown = assertInstanceOf(UnknownPosition.class, history.read("b", HistoryQuery.since(b)));
        assertEquals(UnknownPosition.Reason.OTHER_EPOCH, unknown.reason());
        assertEquals(new StreamPosition(evicted.epoch(), 1), append("b"));
        assertEquals(a, history.top("a"));
        assertEquals(2, history.evictions());
    }

    @Test
    void anEvictedTopicNeverHasAnEpochAgain() {
        history = create(ManagerLimits.builder().maxTopicsWithHistory(1));
        Set<String> epochs = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertTrue(epochs.add(append("a").epoch()));
            append("b");
        }
        assertTrue(epochs.stream().allMatch(epoch -> epoch.matches("[a-zA-Z]{12}")));
    }

    @Test
    void theLeastRecentlyUsedTopicsMakeRoomForBytes() {
        history = create(ManagerLimits.builder().maxHistoryBytes(3 * ONE));
        append("a");
        append("b");
        append("c");
        assertEquals(3 * ONE, history.bytes());
        append("b");
        assertEquals(1, history.evictions());
        assertEquals(0, history.top("a").offset());
        assertEquals(2, kept("b"));
        assertEquals(1, kept("c"));
        append("d", 3 * ONE - TopicStream.OVERHEAD - 2 - PublicationSize.PUBLICATION, TEN);
        assertEquals(3 * ONE, history.bytes());
        assertEquals(1, history.topics());
        assertEquals(1, kept("d"));
    }

    @Test
    void aTopicIsTrimmedBeforeOtherTopicsAreEvicted() {
        history = create(ManagerLimits.builder().maxHistoryBytes(3 * ONE));
        append("a");
        TopicOptions large =
                TopicOptions.builder().historySize(10).historyBytes(1_000_000).build();
        append("b", 1_000_000, large);
        assertEquals(1, kept("a"));
        assertEquals(0, kept("b"));
        assertEquals(1, history.top("b").offset());
        for (int i = 0; i < 20; i++) {
            append("b", 100, large);
        }
        assertTrue(history.bytes() <= 3 * ONE);
        assertEquals(1, history.topics());
        assertEquals(21, history.top("b").offset());
    }

    @Test
    void aFullHistoryAcceptsPublicationsWithoutKeepingThem() {
        history = create(ManagerLimits.builder().maxHistoryBytes(1));
        StreamPosition first = append("a");
        assertEquals(new StreamPosition(first.epoch(), 2), append("a"));
        assertEquals(0, kept("a"));
        assertEquals(1, append("b").offset());
        assertEquals(1, history.topics());
        assertEquals(0, history.top("a").offset());
    }

    @Test
    void anUnlimitedHistoryEvictsNothing() {
        history = create(
                ManagerLimits.builder().maxHistoryBytes(Limits.UNLIMITED).maxTopicsWithHistory(Limits.UNLIMITED));
        for (int i = 0; i < 20_000; i++) {
            append("topic " + i);
        }
        assertEquals(20_000, history.topics());
        assertEquals(0, history.evictions());
    }

    @Test
    void topicsOfStrangersClaimNoMemory() {
        history = create(ManagerLimits.builder().maxTopicsWithHistory(2));
        append("a");
        append("b");
        for (int i = 0; i < 10_000; i++) {
            assertEquals(0, history.top("stranger " + i).offset());
            assertEquals(0, kept("stranger " + i));
        }
        assertEquals(2, history.topics());
        assertEquals(0, history.evictions());
        assertEquals(1, kept("a"));
    }

    @Test
    void theTaskFreesExpiredPublications() {
        append("a");
        append(
                "b",
                100,
                TopicOptions.builder()
                        .historySize(1)
                        .historyTtl(Duration.ofSeconds(20))
                        .build());
        now += Duration.ofSeconds(9).toNanos();
        append("a");
        history.expire();
        assertEquals(2 * ONE + PublicationSize.PUBLICATION + 100, history.bytes());
        now += Duration.ofSeconds(9).toNanos();
        history.expire();
        assertEquals(2 * ONE + PublicationSize.PUBLICATION + 100, history.bytes());
        now += Duration.ofSeconds(1).toNanos();
        history.expire();
        assertEquals(ONE + TopicStream.OVERHEAD + 2, history.bytes());
        now += Duration.ofSeconds(1).toNanos();
        history.expire();
        assertEquals(2 * (TopicStream.OVERHEAD + 2), history.bytes());
        assertEquals(2, history.top("a").offset());
        assertEquals(1, history.top("b").offset());
    }

    @Test
    void aShorterTimeToLiveAppliesFromTheNextPublicationOn() {
        append("a");
        append(
                "a",
                100,
                TopicOptions.builder()
                        .historySize(9)
                        .historyTtl(Duration.ofSeconds(1))
                        .build());
        now += Duration.ofSeconds(1).toNanos();
        history.expire();
        assertEquals(TopicStream.OVERHEAD + 2, history.bytes());
    }

    @Test
    void theTaskFreesUnusedStreams() {
        history = create(ManagerLimits.builder().historyMetadataTtl(Duration.ofMinutes(1)));
        for (int i = 0; i < 1000; i++) {
            append("topic " + i);
        }
        now += Duration.ofSeconds(59).toNanos();
        StreamPosition read = history.top("topic 1");
        history.expire();
        assertEquals(1000, history.topics());
        now += Duration.ofSeconds(1).toNanos();
        history.expire();
        assertEquals(1, history.topics());
        assertEquals(read, history.top("topic 1"));
        now += Duration.ofMinutes(1).toNanos();
        history.expire();
        assertEquals(0, history.topics());
        assertEquals(0, history.bytes());
        assertEquals(0, history.evictions());
    }

    @Test
    void expiryIsSeenWithoutTheTask() {
        history = create(ManagerLimits.builder().historyMetadataTtl(Duration.ofMinutes(1)));
        StreamPosition a = append("a");
        now += Duration.ofSeconds(10).toNanos();
        assertEquals(0, kept("a"));
        assertEquals(a, history.top("a"));
        now += Duration.ofMinutes(1).toNanos();
        assertNotEquals(a.epoch(), history.top("a").epoch());
    }

    @Test
    void theOldestKeyMakesRoomForAnother() {
        history = create(ManagerLimits.builder().maxIdempotencyKeys(2));
        append("a", "1");
        append("a", "2");
        assertInstanceOf(AppendResult.Repeated.class, append("a", "1"));
        append("a", "3");
        assertInstanceOf(AppendResult.Repeated.class, append("a", "2"));
        assertInstanceOf(AppendResult.Repeated.class, append("a", "3"));
        assertInstanceOf(AppendResult.Appended.class, append("a", "1"));
        assertInstanceOf(AppendResult.Appended.class, append("a", "2"));
    }

    @Test
    void aKeyThatIsUsedAgainAfterItsLifetimeStartsANewOne() {
        append("a", "1");
        now += Duration.ofMinutes(4).toNanos();
        append("a", "2");
        now += Duration.ofMinutes(1).toNanos();
        assertInstanceOf(AppendResult.Appended.class, append("a", "1"));
        assertInstanceOf(AppendResult.Repeated.class, append("a", "2"));
        now += Duration.ofMinutes(4).toNanos();
        assertInstanceOf(AppendResult.Appended.class, append("a", "2"));
        assertInstanceOf(AppendResult.Repeated.class, append("a", "1"));
    }

    @Test
    void theTaskFreesExpiredKeys() {
        IdempotencyTable keys = new IdempotencyTable(10_000);
        for (int i = 0; i < 1000; i++) {
            keys.add("a", "" + i, StreamPosition.NONE, i);
        }
        long lifetime = Duration.ofMinutes(5).toNanos();
        while (keys.forgetExpired(lifetime + 499)) {}
        assertEquals(500, keys.size());
    }

    @Test
    void aNewEpochFollowsTheLargestOffset() {
        history = new MemoryHistory(ManagerLimits.defaults(), () -> now, 3);
        String epoch = append("a").epoch();
        append("a");
        assertEquals(new StreamPosition(epoch, 3), append("a"));
        StreamPosition next = append("a");
        assertEquals(1, next.offset());
        assertNotEquals(epoch, next.epoch());
        assertEquals(1, kept("a"));
    }

    @Test
    void clearingEndsAllStreams() {
        StreamPosition a = append("a");
        append("a", "key");
        history.clear();
        assertEquals(0, history.topics());
        assertEquals(0, history.bytes());
        assertNotEquals(a.epoch(), history.top("a").epoch());
        assertInstanceOf(AppendResult.Appended.class, append("a", "key"));
    }

    @Test
    void everyCallIsAllowedUnderTheLockOfATopic() {
        RankedLock topic = new RankedLock(RankedLock.Rank.TOPIC);
        topic.lock();
        try {
            append("a");
            assertEquals(1, kept("a"));
            assertEquals(1, history.top("a").offset());
            history.remove("a");
            history.expire();
        } finally {
            topic.unlock();
        }
    }

    /** The ring grows, wraps around and shrinks. */
    @Test
    void aStreamKeepsItsPublicationsThroughAnyChangeOfSize() {
        int offset = 0;
        for (int size : List.of(3, 100, 7, 64, 1, 1000, 999, 4, 5, 6, 2, 33)) {
            TopicOptions options = TopicOptions.builder().historySize(size).build();
            for (int i = 0; i < size + 3; i++) {
                append("a", ++offset % 10, options);
                List<Publication> all =
                        history.read("a", HistoryQuery.builder().build()).page().publications();
                assertEquals(offset, all.get(all.size() - 1).offset());
                assertEquals(offset - all.size() + 1, all.get(0).offset());
                assertTrue(all.size() <= size);
            }
            assertEquals(size, kept("a"));
        }
        for (Publication publication :
                history.read("a", HistoryQuery.builder().build()).page().publications()) {
            assertEquals(publication.offset() % 10, publication.payload().size());
        }
    }
}
