package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions, queries and their answers. */
class HistoryPageTest {
    private static final StreamPosition TOP = position(10);

    private static StreamPosition position(long offset) {
        return new StreamPosition("epoch", offset);
    }

    private static List<Publication> publications(long... offsets) {
        return LongStream.of(offsets)
                .mapToObj(offset -> Publication.builder("t", Payload.text("" + offset))
                        .timeMillis(0)
                        .build()
                        .at(position(offset)))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        // since, oldest kept, number of publications in the page, complete, more
        "10,  8, 0, true,  false",
        "10, 11, 0, true,  false",
        " 9,  8, 1, true,  false",
        " 7,  8, 3, true,  false",
        " 7,  8, 2, true,  true",
        " 7,  8, 0, true,  true",
        " 6,  8, 3, false, false",
        " 6,  8, 1, false, true",
        " 9, 11, 0, false, false",
        " 0,  8, 3, false, false",
        " 0,  1, 9, true,  true",
        " 0,  1, 10, true, false",
    })
    void aForwardPageContinuesFromItsPosition(
            long since, long oldest, int publications, boolean complete, boolean more) {
        long first = Math.max(since + 1, oldest);
        List<Publication> kept =
                publications(LongStream.range(first, first + publications).toArray());
        HistoryPage page = HistoryPage.of(HistoryQuery.since(position(since)), TOP, oldest, kept);
        assertEquals(complete, page.isComplete());
        assertEquals(more, page.hasMore());
        assertEquals(TOP, page.top());
        assertEquals(kept, page.publications());
        assertSame(page, page.page());
    }

    @ParameterizedTest
    @CsvSource({
        // since or 0 for the newest, oldest kept, number of publications in the page, complete, more
        " 0,  8, 1, true,  true",
        " 0,  8, 3, true,  false",
        " 0, 11, 0, false, false",
        "10,  8, 2, true,  false",
        "10,  8, 1, true,  true",
        " 9,  8, 1, true,  false",
        " 8,  8, 0, false, false",
        " 2,  8, 0, false, false",
        " 1,  8, 0, true,  false",
        " 1,  1, 0, true,  false",
        " 3,  1, 2, true,  false",
        " 3,  1, 0, true,  true",
    })
    void aReversePageContinuesFromItsPosition(
            long since, long oldest, int publications, boolean complete, boolean more) {
        HistoryQuery.Builder query = HistoryQuery.builder().reverse();
        if (since > 0) {
            query.since(position(since));
        }
        long first = since == 0 ? 10 : since - 1;
        List<Publication> kept = publications(
                LongStream.range(0, publications).map(i -> first - i).toArray());
        HistoryPage page = HistoryPage.of(query.build(), TOP, oldest, kept);
        assertEquals(complete, page.isComplete());
        assertEquals(more, page.hasMore());
    }

    @Test
    void anEmptyStreamIsComplete() {
        for (HistoryQuery query : List.of(
                HistoryQuery.top(),
                HistoryQuery.builder().reverse().build(),
                HistoryQuery.since(position(0)),
                HistoryQuery.since(StreamPosition.NONE))) {
            HistoryPage page = HistoryPage.of(query, position(0), 1, List.of());
            assertTrue(page.isComplete());
            assertFalse(page.hasMore());
        }
    }

    @Test
    void pagesAreComparedByValue() {
        HistoryPage page = HistoryPage.of(HistoryQuery.since(position(9)), TOP, 1, publications(10));
        HistoryPage same = HistoryPage.of(HistoryQuery.since(position(9)), TOP, 1, publications(10));
        assertEquals(page, same);
        assertEquals(page.hashCode(), same.hashCode());
        assertNotEquals(page, HistoryPage.of(HistoryQuery.since(position(9)), TOP, 1, List.of()));
        assertNotEquals(page, HistoryPage.of(HistoryQuery.since(position(8)), TOP, 10, publications(10)));
        assertEquals("HistoryPage[1 publications, top=epoch:10, complete=true, more=false]", page.toString());
    }

    @Test
    void anotherEpochIsUnknown() {
        UnknownPosition unknown = UnknownPosition.check(HistoryQuery.since(new StreamPosition("other", 3)), TOP)
                .orElseThrow();
        assertEquals(UnknownPosition.Reason.OTHER_EPOCH, unknown.reason());
        assertEquals(TOP, unknown.top());
        UnknownPositionException thrown = assertThrows(UnknownPositionException.class, unknown::page);
        assertEquals(unknown.reason(), thrown.reason());
        assertEquals(TOP, thrown.top());
        assertEquals(
                "the position is of another epoch than the history of the topic, which is epoch:10; load the state"
                        + " again and continue from there",
                thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, StreamPosition.MAX_OFFSET})
    void anOffsetBeyondTheTopIsUnknown(long offset) {
        for (String epoch : List.of("epoch", "")) {
            HistoryQuery query = HistoryQuery.since(new StreamPosition(epoch, offset));
            UnknownPosition unknown = UnknownPosition.check(query, TOP).orElseThrow();
            assertEquals(new UnknownPosition(UnknownPosition.Reason.BEYOND_TOP, TOP), unknown);
            assertEquals(
                    "the position is beyond the newest publication of the topic, which is epoch:10; load the state"
                            + " again and continue from there",
                    assertThrows(UnknownPositionException.class, unknown::page).getMessage());
        }
    }

    @Test
    void otherPositionsAreKnown() {
        for (HistoryQuery query : List.of(
                HistoryQuery.top(),
                HistoryQuery.since(TOP),
                HistoryQuery.since(position(0)),
                HistoryQuery.since(new StreamPosition("", 10)))) {
            assertEquals(Optional.empty(), UnknownPosition.check(query, TOP));
        }
    }

    @Test
    void positionsAreInTheirRange() {
        assertEquals(
                "offset must be 0 to 9007199254740991, but was -1",
                assertThrows(IllegalArgumentException.class, () -> position(-1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> position(1L << 53));
        assertEquals(9007199254740991L, position(StreamPosition.MAX_OFFSET).offset());
        assertEquals(64, new StreamPosition("~".repeat(64), 0).epoch().length());
        assertEquals(
                "epoch must have at most 64 characters, but had 1000000",
                assertThrows(IllegalArgumentException.class, () -> new StreamPosition("x".repeat(1_000_000), 0))
                        .getMessage());
        for (String wrong : List.of("\n", "a\u007F", "\u00e4", "\ud800")) {
            assertThrows(IllegalArgumentException.class, () -> new StreamPosition(wrong, 0));
        }
        assertEquals(
                "epoch must be printable ASCII, but had U+000A",
                assertThrows(IllegalArgumentException.class, () -> new StreamPosition("\n", 0))
                        .getMessage());
    }

    @Test
    void positionsAreComparedByValue() {
        assertEquals(position(3), position(3));
        assertEquals(position(3).hashCode(), position(3).hashCode());
        assertNotEquals(position(3), position(4));
        assertNotEquals(position(3), new StreamPosition("other", 3));
        assertEquals("epoch:3", position(3).toString());
        assertTrue(position(3).hasKnownEpoch());
        assertFalse(StreamPosition.NONE.hasKnownEpoch());
    }

    @Test
    void queriesAreInTheirRange() {
        assertEquals(
                "limit must be 0 or more, but was -1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> HistoryQuery.builder().limit(-1).build())
                        .getMessage());
        assertEquals(
                "the offset of since must be at least 1 in a reverse query, but was 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> HistoryQuery.builder()
                                        .since(position(0))
                                        .reverse()
                                        .build())
                        .getMessage());
        assertEquals(Limits.UNLIMITED, HistoryQuery.builder().build().limit());
        assertEquals(0, HistoryQuery.top().limit());
    }

    @Test
    void queriesAreComparedByValue() {
        HistoryQuery query = HistoryQuery.builder().since(position(3)).limit(4).build();
        HistoryQuery same = HistoryQuery.builder().since(position(3)).limit(4).build();
        assertEquals(query, same);
        assertEquals(query.hashCode(), same.hashCode());
        assertNotEquals(query, HistoryQuery.since(position(3)));
        assertNotEquals(
                query,
                HistoryQuery.builder().since(position(3)).limit(4).reverse().build());
        assertEquals("HistoryQuery[since=epoch:3, limit=4, reverse=false]", query.toString());
    }
}
