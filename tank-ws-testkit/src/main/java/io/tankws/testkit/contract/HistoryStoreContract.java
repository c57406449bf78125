package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.PublisherInfo;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.spi.AppendResult;
import io.tankws.spi.HistoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of positions, reads, removal and idempotency that every {@link HistoryStore} follows. */
public abstract class HistoryStoreContract {
    private static final String TOPIC = "news";
    private static final Duration TTL = Duration.ofSeconds(1);
    private static final Duration METADATA_TTL = Duration.ofSeconds(3);
    private static final TopicOptions TEN = TopicOptions.builder()
            .historySize(10)
            .historyTtl(Duration.ofDays(1))
            .build();
    private static final TopicOptions SHORT =
            TopicOptions.builder().historySize(10).historyTtl(TTL).build();
    private static final int THREADS = 4;
    private static final int APPENDS = 50;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HistoryStore store;

    /** For subclasses. */
    protected HistoryStoreContract() {}

    /**
     * Opens a store without streams.
     *
     * @param limits the limits of the store; its metadata time-to-live may be a few seconds
     * @return a new store, which the contract closes
     */
    protected abstract HistoryStore open(ManagerLimits limits);

    /**
     * Lets time pass for the open stores, at most {@link HistoryStore#IDEMPOTENCY_LIFETIME}. A fixture with a real
     * clock may abort the test instead of waiting for minutes.
     *
     * @param duration the time
     */
    protected abstract void passTime(Duration duration);

    @BeforeEach
    final void openStore() {
        store = open(ManagerLimits.defaults());
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return BackplaneTestBase.await(stage);
    }

    private static Publication publication(String topic, String text) {
        return Publication.builder(topic, Payload.text(text)).build();
    }

    private AppendResult append(String topic, String text, TopicOptions options, PublishOptions call) {
        return await(store.append(publication(topic, text), options, call));
    }

    private StreamPosition append(String topic, String text, TopicOptions options) {
        AppendResult result = append(topic, text, options, PublishOptions.defaults());
        return assertInstanceOf(AppendResult.Appended.class, result).position();
    }

    /** Appends the texts "1", "2" and so on. */
    private void appendMany(int number, TopicOptions options) {
        for (int i = 0; i < number; i++) {
            long offset = await(store.top(TOPIC)).offset() + 1;
            assertEquals(offset, append(TOPIC, "" + offset, options).offset());
        }
    }

    private HistoryResult readResult(HistoryQuery query) {
        return await(store.read(TOPIC, query));
    }

    private HistoryPage read(HistoryQuery query) {
        return assertInstanceOf(HistoryPage.class, readResult(query));
    }

    private HistoryPage readAll() {
        return read(HistoryQuery.builder().build());
    }

    private StreamPosition position(long offset) {
        return new StreamPosition(await(store.top(TOPIC)).epoch(), offset);
    }

    private static HistoryQuery.Builder query() {
        return HistoryQuery.builder();
    }

    private static PublishOptions key(String key) {
        return PublishOptions.builder().idempotencyKey(key).build();
    }

    /** Asserts that a page has the publications of {@link #appendMany} with these offsets, in this order. */
    private static void assertOffsets(HistoryPage page, LongStream offsets) {
        List<Long> expected = offsets.boxed().toList();
        assertEquals(
                expected, page.publications().stream().map(Publication::offset).toList());
        for (Publication publication : page.publications()) {
            assertEquals("" + publication.offset(), publication.payload().asText());
            assertEquals(page.top().epoch(), publication.epoch());
            assertEquals(TOPIC, publication.topic());
        }
    }

    private static void assertPage(HistoryPage page, boolean complete, boolean more, long... offsets) {
        assertOffsets(page, LongStream.of(offsets));
        assertEquals(complete, page.isComplete(), page::toString);
        assertEquals(more, page.hasMore(), page::toString);
    }

    @Test
    void offsetsCountFromOneInTheOrderOfAppending() {
        StreamPosition first = append(TOPIC, "1", TEN);
        assertEquals(1, first.offset());
        assertTrue(first.hasKnownEpoch());
        StreamPosition second = append(TOPIC, "2", TEN);
        assertEquals(new StreamPosition(first.epoch(), 2), second);
        assertEquals(second, await(store.top(TOPIC)));
        assertPage(readAll(), true, false, 1, 2);
    }

    @Test
    void theResultHasThePublicationAtItsPosition() {
        Publication publication = publication(TOPIC, "text");
        AppendResult.Appended result = assertInstanceOf(
                AppendResult.Appended.class, await(store.append(publication, TEN, PublishOptions.defaults())));
        assertEquals(publication.at(result.position()), result.publication());
        assertEquals(List.of(result.publication()), readAll().publications());
    }

    @Test
    void everyTopicHasAStreamOfItsOwn() {
        append("a", "1", TEN);
        append("a", "2", TEN);
        assertEquals(1, append("b", "3", TEN).offset());
        assertEquals(2, await(store.top("a")).offset());
        assertEquals(
                1, await(store.read("b", query().build())).page().publications().size());
    }

    @Test
    void publicationsAreReadAsTheyWereAppended() {
        List<Payload> payloads = List.of(
                Payload.text(""),
                Payload.text("\u00e4\0\ud83d\ude00\n"),
                Payload.json(" {\"a\" : [1.50]}\n"),
                Payload.binary(new byte[] {0, -1, 1, '\r', '\n'}),
                Payload.binary(new byte[1_000_000]));
        List<Publication> appended = new ArrayList<>();
        for (Payload payload : payloads) {
            for (Publication.Builder builder : List.of(
                    Publication.builder(TOPIC, payload).timeMillis(appended.size()),
                    Publication.builder(TOPIC, payload)
                            .tags(Map.of("\u00e4", "", "b", "x".repeat(Publication.MAX_TAG_BYTES - 3)))
                            .publisher(PublisherInfo.of("client-1", "")),
                    Publication.builder(TOPIC, payload)
                            .publisher(PublisherInfo.of("client-2", "\u00e4").withInfo(Payload.json("{\"a\":1}"))))) {
                AppendResult result = await(store.append(
                        builder.build(),
                        TopicOptions.builder()
                                .historySize(100)
                                .historyBytes(10_000_000)
                                .build(),
                        PublishOptions.defaults()));
                appended.add(((AppendResult.Appended) result).publication());
            }
        }
        assertEquals(appended, readAll().publications());
    }

    @Test
    void aTopicMayHaveAnyName() {
        List<String> topics =
                List.of("", " ", "\0", "a", "A", "{a}", "a:b", "a\r\nb", "\u00e4", "\ud83d\ude00", "x".repeat(255));
        for (String topic : topics) {
            assertEquals(1, append(topic, topic, TEN).offset(), topic);
        }
        for (String topic : topics) {
            List<Publication> kept =
                    await(store.read(topic, query().build())).page().publications();
            assertEquals(List.of(topic), kept.stream().map(Publication::topic).toList());
            assertEquals(topic, kept.get(0).payload().asText());
        }
    }

    @Test
    void theFirstPublicationHasTheEpochThatTheTopHadBefore() {
        StreamPosition before = await(store.top(TOPIC));
        assertTrue(before.hasKnownEpoch());
        assertEquals(0, before.offset());
        assertEquals(before, readAll().top());
        assertPage(readAll(), true, false);
        assertPage(read(HistoryQuery.since(before)), true, false);
        assertEquals(new StreamPosition(before.epoch(), 1), append(TOPIC, "1", TEN));
        assertPage(read(HistoryQuery.since(before)), true, false, 1);
    }

    @Test
    void topicsHaveDifferentEpochsAfterEachStart() {
        StreamPosition first = append(TOPIC, "1", TEN);
        store.close();
        store = open(ManagerLimits.defaults());
        StreamPosition top = await(store.top(TOPIC));
        // A store outside of the process may keep the stream.
        assertTrue(top.offset() == 1 || !top.epoch().equals(first.epoch()), top::toString);
    }

    @Test
    void aForwardQueryContinuesAfterItsPosition() {
        appendMany(5, TEN);
        assertPage(read(HistoryQuery.since(position(0))), true, false, 1, 2, 3, 4, 5);
        assertPage(read(HistoryQuery.since(position(3))), true, false, 4, 5);
        assertPage(read(query().since(position(1)).limit(2).build()), true, true, 2, 3);
        assertPage(read(query().since(position(3)).limit(2).build()), true, false, 4, 5);
        assertPage(read(query().limit(1).build()), true, true, 1);
    }

    @Test
    void aReverseQueryContinuesBeforeItsPosition() {
        appendMany(5, TEN);
        assertPage(read(query().reverse().build()), true, false, 5, 4, 3, 2, 1);
        assertPage(read(query().reverse().limit(2).build()), true, true, 5, 4);
        assertPage(read(query().reverse().since(position(5)).build()), true, false, 4, 3, 2, 1);
        assertPage(read(query().reverse().since(position(3)).limit(1).build()), true, true, 2);
        assertPage(read(query().reverse().since(position(1)).build()), true, false);
    }

    @Test
    void aSubscriberAtTheTopHasMissedNothing() {
        appendMany(3, TEN);
        assertPage(read(HistoryQuery.since(position(3))), true, false);
    }

    @Test
    void aLimitOfZeroReturnsOnlyTheTop() {
        appendMany(3, TEN);
        HistoryPage page = read(HistoryQuery.top());
        assertPage(page, true, true);
        assertEquals(position(3), page.top());
        assertPage(read(query().since(position(1)).limit(0).build()), true, true);
        assertPage(read(query().since(position(3)).limit(0).build()), true, false);
        assertPage(read(query().reverse().limit(0).build()), true, true);
    }

    @Test
    void anyLargeLimitReturnsAllPublications() {
        appendMany(3, TEN);
        for (int limit : new int[] {3, 4, 1_000_000_000, Limits.UNLIMITED}) {
            assertPage(read(query().limit(limit).build()), true, false, 1, 2, 3);
            assertPage(read(query().since(position(1)).limit(limit).build()), true, false, 2, 3);
            assertPage(read(query().reverse().limit(limit).build()), true, false, 3, 2, 1);
        }
    }

    @Test
    void theHistorySizeRemovesTheOldestPublications() {
        appendMany(13, TEN);
        assertPage(readAll(), false, false, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertPage(read(HistoryQuery.since(position(3))), true, false, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertPage(read(query().since(position(2)).limit(1).build()), false, true, 4);
        assertPage(read(query().reverse().since(position(5)).build()), true, false, 4);
        assertPage(read(query().reverse().since(position(4)).build()), false, false);
    }

    @Test
    void aSmallerHistorySizeAppliesAtTheNextPublication() {
        appendMany(5, TEN);
        append(TOPIC, "6", TopicOptions.builder().historySize(2).build());
        assertPage(readAll(), false, false, 5, 6);
        appendMany(3, TEN);
        assertPage(readAll(), false, false, 5, 6, 7, 8, 9);
    }

    @Test
    void theHistoryBytesRemoveTheOldestPublications() {
        TopicOptions options =
                TopicOptions.builder().historySize(10).historyBytes(3).build();
        appendMany(4, options);
        assertPage(readAll(), false, false, 2, 3, 4);
        append(TOPIC, "\u00e4", options);
        assertEquals(
                List.of(4L, 5L),
                readAll().publications().stream().map(Publication::offset).toList());
    }

    @Test
    void aPublicationLargerThanTheHistoryHasAnOffsetButIsNotKept() {
        TopicOptions options =
                TopicOptions.builder().historySize(10).historyBytes(3).build();
        appendMany(2, options);
        assertEquals(3, append(TOPIC, "abcd", options).offset());
        assertPage(readAll(), false, false);
        assertPage(read(HistoryQuery.since(position(2))), false, false);
        assertPage(read(HistoryQuery.since(position(3))), true, false);
        assertPage(read(query().reverse().limit(1).build()), false, false);
        appendMany(1, options);
        assertPage(readAll(), false, false, 4);
    }

    @Test
    void publicationsAreRemovedAfterTheirTime() {
        appendMany(3, SHORT);
        passTime(TTL);
        assertEquals(3, readAll().top().offset());
        assertPage(readAll(), false, false);
        assertPage(read(HistoryQuery.since(position(2))), false, false);
        assertPage(read(HistoryQuery.since(position(3))), true, false);
        appendMany(1, TEN);
        assertPage(readAll(), false, false, 4);
        assertPage(read(HistoryQuery.since(position(3))), true, false, 4);
    }

    @Test
    void theLastValueIsTheNewestPublicationUntilItExpires() {
        HistoryQuery last = query().reverse().limit(1).build();
        assertPage(read(last), true, false);
        appendMany(2, SHORT);
        assertPage(read(last), true, true, 2);
        passTime(TTL);
        assertPage(read(last), false, false);
    }

    @Test
    void removalKeepsEpochAndTop() {
        appendMany(3, TEN);
        StreamPosition top = position(3);
        await(store.remove(TOPIC));
        assertPage(readAll(), false, false);
        assertEquals(top, readAll().top());
        assertPage(read(HistoryQuery.since(top)), true, false);
        appendMany(1, TEN);
        assertPage(read(HistoryQuery.since(top)), true, false, 4);
        await(store.remove("unknown"));
        assertEquals(0, await(store.top("unknown")).offset());
    }

    @Test
    void aStreamThatIsNotUsedEndsAndItsTopicHasANewEpoch() {
        store.close();
        store = open(ManagerLimits.builder().historyMetadataTtl(METADATA_TTL).build());
        appendMany(3, TEN);
        StreamPosition old = position(3);
        passTime(METADATA_TTL);
        StreamPosition top = await(store.top(TOPIC));
        assertEquals(0, top.offset());
        assertNotEquals(old.epoch(), top.epoch());
        assertPage(readAll(), true, false);
        assertEquals(new UnknownPosition(UnknownPosition.Reason.OTHER_EPOCH, top), readResult(HistoryQuery.since(old)));
        assertEquals(new StreamPosition(top.epoch(), 1), append(TOPIC, "1", TEN));
        assertPage(readAll(), true, false, 1);
    }

    @Test
    void aPositionOfAnotherEpochIsUnknown() {
        appendMany(3, TEN);
        UnknownPosition expected = new UnknownPosition(UnknownPosition.Reason.OTHER_EPOCH, position(3));
        for (String epoch : List.of("other", "x".repeat(StreamPosition.MAX_EPOCH_LENGTH), " ")) {
            for (long offset : new long[] {1, 3, 4, StreamPosition.MAX_OFFSET}) {
                StreamPosition since = new StreamPosition(epoch, offset);
                assertEquals(expected, readResult(HistoryQuery.since(since)));
                assertEquals(expected, readResult(query().since(since).limit(0).build()));
                assertEquals(expected, readResult(query().since(since).reverse().build()));
            }
        }
        assertPage(readAll(), true, false, 1, 2, 3);
    }

    @Test
    void anOffsetBeyondTheTopIsUnknown() {
        appendMany(3, TEN);
        UnknownPosition expected = new UnknownPosition(UnknownPosition.Reason.BEYOND_TOP, position(3));
        for (long offset : new long[] {4, 5, StreamPosition.MAX_OFFSET}) {
            assertEquals(expected, readResult(HistoryQuery.since(position(offset))));
            assertEquals(expected, readResult(HistoryQuery.since(new StreamPosition("", offset))));
            assertEquals(
                    expected,
                    readResult(query().since(position(offset)).reverse().build()));
        }
        assertPage(readAll(), true, false, 1, 2, 3);
    }

    @Test
    void aPositionOfATopicWithoutAStreamIsUnknown() {
        assertInstanceOf(UnknownPosition.class, readResult(HistoryQuery.since(new StreamPosition("other", 0))));
        assertInstanceOf(UnknownPosition.class, readResult(HistoryQuery.since(position(1))));
    }

    @Test
    void anUnknownEpochFitsEveryEpoch() {
        appendMany(3, TEN);
        assertPage(read(HistoryQuery.since(new StreamPosition("", 1))), true, false, 2, 3);
        assertPage(read(query().reverse().since(new StreamPosition("", 2)).build()), true, false, 1);
    }

    @Test
    void aRepeatedKeyReturnsTheFirstPosition() {
        AppendResult first = append(TOPIC, "1", TEN, key("k"));
        appendMany(1, TEN);
        assertEquals(new AppendResult.Repeated(first.position()), append(TOPIC, "other", TEN, key("k")));
        assertEquals(new AppendResult.Repeated(first.position()), append(TOPIC, "1", TEN, key("k")));
        assertPage(readAll(), true, false, 1, 2);
        assertEquals(3, append(TOPIC, "3", TEN, key("K")).position().offset());
    }

    @Test
    void aKeyBelongsToItsTopic() {
        String[][] pairs = {
            {"a", "bc"}, {"ab", "c"}, {"a:b", "c"}, {"a", "b:c"}, {"", "abc"}, {"1", "1:1"}, {"11", ":1"}
        };
        for (String[] pair : pairs) {
            AppendResult result = append(pair[0], "x", TEN, key(pair[1]));
            assertInstanceOf(AppendResult.Appended.class, result, pair[0] + " " + pair[1]);
        }
        assertInstanceOf(AppendResult.Repeated.class, append("a", "x", TEN, key("bc")));
    }

    @Test
    void aKeyMayBeAsLongAsItsBound() {
        String longest = "\u00e4".repeat(127) + "\0";
        append(TOPIC, "1", TEN, key(longest));
        assertInstanceOf(AppendResult.Repeated.class, append(TOPIC, "1", TEN, key(longest)));
        assertInstanceOf(AppendResult.Appended.class, append(TOPIC, "2", TEN, key("\u00e4".repeat(127) + "1")));
    }

    @Test
    void aKeyIsRememberedAfterTheRemovalOfItsPublication() {
        AppendResult first = append(TOPIC, "1", SHORT, key("k"));
        await(store.remove(TOPIC));
        assertEquals(new AppendResult.Repeated(first.position()), append(TOPIC, "1", SHORT, key("k")));
        passTime(TTL);
        assertEquals(new AppendResult.Repeated(first.position()), append(TOPIC, "1", SHORT, key("k")));
    }

    @Test
    void aKeyIsForgottenAfterItsLifetime() {
        append(TOPIC, "1", TEN, key("k"));
        passTime(HistoryStore.IDEMPOTENCY_LIFETIME);
        assertInstanceOf(AppendResult.Appended.class, append(TOPIC, "2", TEN, key("k")));
        assertEquals(new AppendResult.Repeated(position(2)), append(TOPIC, "3", TEN, key("k")));
        assertPage(readAll(), true, false, 1, 2);
    }

    @Test
    void aPublicationThatIsNotKeptConsumesNoOffset() {
        appendMany(1, TEN);
        Publication publication = publication(TOPIC, "x");
        PublishOptions notKept = PublishOptions.builder().notKept().build();
        for (CompletionStage<AppendResult> stage : List.of(
                store.append(publication, TEN, notKept),
                store.append(publication, TopicOptions.NONE, PublishOptions.defaults()),
                store.append(publication, TopicOptions.builder().presence().build(), notKept))) {
            assertEquals(new AppendResult.Appended(publication), await(stage));
        }
        assertPage(readAll(), true, false, 1);
        appendMany(1, TEN);
    }

    @Test
    void aKeyWorksWithoutHistory() {
        PublishOptions notKept =
                PublishOptions.builder().idempotencyKey("not kept").notKept().build();
        AppendResult repeated = new AppendResult.Repeated(StreamPosition.NONE);
        assertInstanceOf(AppendResult.Appended.class, append(TOPIC, "x", TopicOptions.NONE, key("k")));
        assertEquals(repeated, append(TOPIC, "x", TopicOptions.NONE, key("k")));
        assertEquals(repeated, append(TOPIC, "x", TEN, key("k")));
        assertInstanceOf(AppendResult.Appended.class, append(TOPIC, "x", TEN, notKept));
        assertEquals(repeated, append(TOPIC, "x", TEN, notKept));
        assertEquals(0, await(store.top(TOPIC)).offset());
    }

    @Test
    void concurrentPublicationsGetConsecutiveOffsets() throws Exception {
        int all = THREADS * APPENDS;
        TopicOptions options = TopicOptions.builder().historySize(all).build();
        List<List<StreamPosition>> positions = inParallel(thread -> {
            List<StreamPosition> own = new ArrayList<>();
            for (int i = 0; i < APPENDS; i++) {
                own.add(append(TOPIC, thread + ":" + i, options));
            }
            return own;
        });
        Set<StreamPosition> distinct = new HashSet<>();
        positions.forEach(distinct::addAll);
        assertEquals(all, distinct.size());
        List<Publication> kept = readAll().publications();
        for (int i = 0; i < all; i++) {
            assertEquals(i + 1, kept.get(i).offset());
        }
        for (int thread = 0; thread < THREADS; thread++) {
            String prefix = thread + ":";
            List<StreamPosition> own = kept.stream()
                    .filter(publication -> publication.payload().asText().startsWith(prefix))
                    .map(Publication::position)
                    .toList();
            assertEquals(positions.get(thread), own);
        }
    }

    @Test
    void readersSeeConsecutiveOffsetsDuringPublications() throws Exception {
        List<Boolean> done = inParallel(thread -> {
            StreamPosition since = position(0);
            for (int i = 0; i < APPENDS; i++) {
                if (thread % 2 == 0) {
                    append(TOPIC, "x", TEN);
                    continue;
                }
                HistoryPage page = read(HistoryQuery.since(since));
                long next = page.isComplete()
                        ? since.offset() + 1
                        : page.publications().get(0).offset();
                for (Publication publication : page.publications()) {
                    assertEquals(next++, publication.offset());
                }
                assertFalse(page.hasMore());
                assertEquals(page.top().offset() + 1, Math.max(next, page.top().offset() + 1));
                since = page.top();
            }
            return true;
        });
        assertEquals(THREADS, done.size());
        assertEquals(THREADS / 2 * APPENDS, await(store.top(TOPIC)).offset());
    }

    @Test
    void oneOfConcurrentPublicationsWithAKeyIsAppended() throws Exception {
        for (int round = 0; round < 20; round++) {
            PublishOptions key = key("round " + round);
            List<AppendResult> results = inParallel(thread -> append(TOPIC, "x", TEN, key));
            assertEquals(
                    1,
                    results.stream()
                            .filter(AppendResult.Appended.class::isInstance)
                            .count());
            assertEquals(
                    1, results.stream().map(AppendResult::position).distinct().count());
            assertEquals(round + 1, await(store.top(TOPIC)).offset());
        }
    }

    /** The work of one of several threads. */
    private interface Work<T> {
        T run(int thread) throws Exception;
    }

    /** Runs work on several threads at once and returns their results in order. */
    private static <T> List<T> inParallel(Work<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch start = new CountDownLatch(THREADS);
            List<Callable<T>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                tasks.add(() -> {
                    start.countDown();
                    start.await();
                    return work.run(thread);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aClosedStoreFailsEveryCall() {
        append(TOPIC, "1", TEN);
        store.close();
        store.close();
        for (CompletionStage<?> stage : List.of(
                store.append(publication(TOPIC, "2"), TEN, PublishOptions.defaults()),
                store.append(publication(TOPIC, "2"), TopicOptions.NONE, key("k")),
                store.read(TOPIC, HistoryQuery.top()),
                store.top(TOPIC),
                store.remove(TOPIC))) {
            BackplaneException failure =
                    assertInstanceOf(BackplaneException.class, BackplaneTestBase.awaitFailure(stage));
            assertEquals(BackplaneException.Reason.NOT_RUNNING, failure.reason());
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void aNullArgumentIsRejectedAtOnce() {
        Publication publication = publication(TOPIC, "x");
        PublishOptions options = PublishOptions.defaults();
        assertThrows(NullPointerException.class, () -> store.append(null, TEN, options));
        assertThrows(NullPointerException.class, () -> store.append(publication, null, options));
        assertThrows(NullPointerException.class, () -> store.append(publication, TEN, null));
        assertThrows(NullPointerException.class, () -> store.read(null, HistoryQuery.top()));
        assertThrows(NullPointerException.class, () -> store.read(TOPIC, null));
        assertThrows(NullPointerException.class, () -> store.top(null));
        assertThrows(NullPointerException.class, () -> store.remove(null));
        assertEquals(0, await(store.top(TOPIC)).offset());
    }
}
