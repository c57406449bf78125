package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private final Channel channel = new Channel("t:news");
    private final List<String> missed = new ArrayList<>();

    private boolean arrive(long node, long stream, long sequence) {
        byte[] letter = Letter.messages(node, 0, List.of(Message.text("x")));
        Letter.number(letter, stream, sequence);
        return channel.arrived(Letter.open(letter), this::note);
    }

    private void settle(long node, long stream, long sequence) {
        channel.settle(node, new Letter.Head("t:news", stream, sequence), this::note);
    }

    private void note(Channel where, long node, long count, boolean exact) {
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
    void whatAnUnknownPublisherSaidIsUnsureAfterAnOutageOnly() {
        settle(1, 1, 4);
        assertEquals(List.of(), missed);
        channel.interrupt();
        settle(2, 1, 4);
        assertEquals(List.of("2:?4"), missed);
        arrive(3, 1, 6);
        settle(3, 1, 6);
        assertEquals(List.of("2:?4", "3:?5"), missed);
    }
}
