package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.HistoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store of a history contract, and the calls that most tests make. It closes the store after each test. */
abstract class HistoryStoreTestBase {
    static final String TOPIC = "news";
    static final Duration TTL = Duration.ofSeconds(1);
    static final TopicOptions TEN = TopicOptions.builder()
            .historySize(10)
            .historyTtl(Duration.ofDays(1))
            .build();
    static final TopicOptions SHORT =
            TopicOptions.builder().historySize(10).historyTtl(TTL).build();

    @SuppressWarnings("NullAway.Init") // set before each test
    HistoryStore store;

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

    static <T> T await(CompletionStage<T> stage) {
        return BackplaneTestBase.await(stage);
    }

    static Publication publication(String topic, String text) {
        return Publication.builder(topic, Payload.text(text)).build();
    }

    final AppendResult append(String topic, String text, TopicOptions options, PublishOptions call) {
        return await(store.append(publication(topic, text), options, call));
    }

    final StreamPosition append(String topic, String text, TopicOptions options) {
        AppendResult result = append(topic, text, options, PublishOptions.defaults());
        return assertInstanceOf(AppendResult.Appended.class, result).position();
    }

    /** Appends the texts "1", "2" and so on. */
    final void appendMany(int number, TopicOptions options) {
        for (int i = 0; i < number; i++) {
            long offset = await(store.top(TOPIC)).offset() + 1;
            assertEquals(offset, append(TOPIC, "" + offset, options).offset());
        }
    }

    final HistoryResult readResult(HistoryQuery query) {
        return await(store.read(TOPIC, query));
    }

    final HistoryPage read(HistoryQuery query) {
        return assertInstanceOf(HistoryPage.class, readResult(query));
    }

    final HistoryPage readAll() {
        return read(HistoryQuery.builder().build());
    }

    final StreamPosition position(long offset) {
        return new StreamPosition(await(store.top(TOPIC)).epoch(), offset);
    }

    static HistoryQuery.Builder query() {
        return HistoryQuery.builder();
    }

    static PublishOptions key(String key) {
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

    static void assertPage(HistoryPage page, boolean complete, boolean more, long... offsets) {
        assertOffsets(page, LongStream.of(offsets));
        assertEquals(complete, page.isComplete(), page::toString);
        assertEquals(more, page.hasMore(), page::toString);
    }
}
