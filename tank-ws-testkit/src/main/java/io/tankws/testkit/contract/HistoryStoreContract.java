package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.spi.HistoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The rules of every {@link HistoryStore}: those of positions, reads and removal, and those of appending. */
public abstract class HistoryStoreContract extends HistoryAppendContract {
    private static final Duration METADATA_TTL = Duration.ofSeconds(3);

    /** For subclasses. */
    protected HistoryStoreContract() {}

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
    void everyStoreHasEpochsOfItsOwn() {
        StreamPosition first = append(TOPIC, "1", TEN);
        store.close();
        store = open(ManagerLimits.defaults());
        StreamPosition top = await(store.top(TOPIC));
        assertEquals(0, top.offset());
        assertNotEquals(first.epoch(), top.epoch());
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
