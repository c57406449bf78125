package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.PublisherInfo;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.HistoryStore;
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
import org.junit.jupiter.api.Test;

/** The rules of offsets and idempotency keys that every history store follows when it appends. */
abstract class HistoryAppendContract extends HistoryStoreTestBase {
    private static final int THREADS = 4;
    private static final int APPENDS = 50;

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
                store.append(publication, TopicOptions.NONE, notKept))) {
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
                assertEquals(page.top().offset() + 1, next);
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
}
