package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackplaneChannelTest {
    private final BackplaneChannel channel = new BackplaneChannel("t:news");
    private final List<String> missed = new ArrayList<>();

    private boolean arrive(long node, long stream, long sequence) {
        byte[] nodeMessage = NodeMessage.messages(node, 0, List.of(Message.text("x")));
        NodeMessage.number(nodeMessage, stream, sequence);
        return channel.receive(NodeMessage.open(nodeMessage), this::note);
    }

    private void settle(long node, long stream, long sequence) {
        channel.reconcile(node, new NodeMessage.StreamPosition("t:news", stream, sequence), this::note);
    }

    private void note(BackplaneChannel where, long node, long count, boolean exact) {
        missed.add(node + (exact ? ":" : ":?") + count);
    }

    @Test
    void theFirstThatIsHeardIsTheBeginning() {
        assertTrue(arrive(1, 1, 41));
        assertTrue(arrive(1, 1, 42));
        assertEquals(List.of(), missed);
    }

    @Test
    void aGapIsCountedForEachPublisher() {
        arrive(1, 1, 1);
        arrive(2, 1, 1);
        arrive(1, 1, 4);
        arrive(2, 1, 2);
        assertEquals(List.of("1:2"), missed);
    }

    @Test
    void nothingComesTwiceOrLate() {
        arrive(1, 1, 1);
        arrive(1, 1, 3);
        assertFalse(arrive(1, 1, 3));
        assertFalse(arrive(1, 1, 2));
        arrive(1, 2, 1);
        assertFalse(arrive(1, 1, 4));
    }

    @Test
    void aNewStreamBeginsWithOne() {
        arrive(1, 1, 9);
        arrive(1, 2, 3);
        assertEquals(List.of("1:2"), missed);
    }

    @Test
    void theTailIsFoundWhenThePublisherTells() {
        arrive(1, 1, 1);
        channel.interrupt();
        settle(1, 1, 1);
        settle(1, 1, 4);
        settle(1, 1, 4);
        assertEquals(List.of("1:3"), missed);
        assertFalse(arrive(1, 1, 3));
    }

    @Test
    void messagesOfAnUnknownPublisherArePossiblyMissedAfterAnOutageOnly() {
        settle(1, 1, 4);
        assertEquals(List.of(), missed);
        channel.interrupt();
        settle(2, 1, 4);
        assertEquals(List.of("2:?4"), missed);
        arrive(3, 1, 6);
        settle(3, 1, 6);
        assertEquals(List.of("2:?4", "3:?5"), missed);
    }

    /** A gap that cannot happen is garbage. Later messages of the publisher are delivered, and none is missed. */
    @Test
    void anOffsetThatLeapsSilencesNoPublisher() {
        arrive(1, 1, 1);
        for (long leap : List.of(1L << 62, Long.MAX_VALUE, 1L << 40, 100_000L)) {
            assertFalse(arrive(1, 1, leap));
            assertFalse(arrive(1, leap, 1));
        }
        assertTrue(arrive(1, 1, 2));
        assertEquals(List.of(), missed);
    }

    @Test
    void aPublisherThatGoesOnAfterALeapIsHeardAndTheGapIsUnsure() {
        arrive(1, 1, 1);
        assertFalse(arrive(1, 1, 1_000_000));
        assertTrue(arrive(1, 1, 1_000_001));
        assertTrue(arrive(1, 1, 1_000_002));
        assertEquals(List.of("1:?999999"), missed);
    }

    /** A forged offset that is a little ahead counts as a gap until the publisher has passed it. */
    @Test
    void aPublisherThatGoesOnBehindAForgedNumberIsHeardAgain() {
        arrive(1, 1, 1);
        assertTrue(arrive(1, 1, 1_000));
        assertFalse(arrive(1, 1, 2));
        for (long sequence = 3; sequence < 1_000; sequence++) {
            assertTrue(arrive(1, 1, sequence));
        }
        assertFalse(arrive(1, 1, 1_000));
        assertTrue(arrive(1, 1, 1_001));
        assertEquals(List.of("1:998"), missed);
    }

    @Test
    void aPublisherIsHeardAgainBehindSeveralForgedNumbersThatFollowEachOther() {
        arrive(1, 1, 1);
        for (long sequence = 500; sequence < 600; sequence++) {
            arrive(1, 1, sequence);
        }
        int isNew = 0;
        for (long sequence = 2; sequence < 102; sequence++) {
            isNew += arrive(1, 1, sequence) ? 1 : 0;
        }
        assertEquals(93, isNew);
    }

    @Test
    void aForgedEpochSilencesNoPublisher() {
        arrive(1, 1, 1);
        assertTrue(arrive(1, 2, 1));
        assertFalse(arrive(1, 1, 2));
        assertTrue(arrive(1, 1, 3));
        assertTrue(arrive(1, 1, 4));
    }

    @Test
    void aForgedFirstOffsetSilencesNoPublisher() {
        assertTrue(arrive(1, 7, 1_000));
        assertFalse(arrive(1, 1, 2));
        assertTrue(arrive(1, 1, 3));
    }

    /** A position report may be forged too. */
    @Test
    void aForgedPositionSilencesNoPublisher() {
        arrive(1, 1, 1);
        settle(1, 1, 1L << 47);
        assertEquals(List.of(), missed);
        assertTrue(arrive(1, 1, 2));
        settle(1, 1, 100);
        assertFalse(arrive(1, 1, 3));
        assertTrue(arrive(1, 1, 4));
    }

    @Test
    void aLongOutageIsBelieved() {
        arrive(1, 1, 1);
        channel.interrupt();
        settle(1, 1, 1_000_000);
        assertEquals(List.of("1:?999999"), missed);
        assertTrue(arrive(1, 1, 1_000_001));
    }

    /** Late messages of a publisher's previous connection stay late. */
    @Test
    void lateMessagesOfARunThatContinuesStayLate() {
        arrive(1, 1, 1);
        arrive(1, 1, 9);
        arrive(1, 1, 10);
        for (long sequence = 2; sequence < 9; sequence++) {
            assertFalse(arrive(1, 1, sequence));
        }
        assertTrue(arrive(1, 1, 11));
        assertEquals(List.of("1:7"), missed);
    }

    @Test
    void nothingIsDeliveredTwiceHoweverOftenItIsRepeated() {
        for (long sequence = 1; sequence <= 50; sequence++) {
            assertTrue(arrive(1, 1, sequence));
        }
        for (int times = 0; times < 3; times++) {
            for (long sequence = 1; sequence <= 50; sequence++) {
                assertFalse(arrive(1, 1, sequence));
            }
        }
        assertTrue(arrive(1, 1, 51));
        assertEquals(List.of(), missed);
    }
}
