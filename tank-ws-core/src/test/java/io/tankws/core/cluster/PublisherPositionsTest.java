package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublisherPositionsTest {
    private final PublisherPositions streams = new PublisherPositions(2);

    private String number(String channel) {
        byte[] bytes = NodeMessage.messages(1, 0, List.of(Message.text("x")));
        streams.stamp(channel, bytes, 100);
        NodeMessage nodeMessage = NodeMessage.open(bytes);
        return nodeMessage.epoch + "." + nodeMessage.offset;
    }

    @Test
    void eachChannelHasItsOwnNumbers() {
        assertEquals(List.of("1.1", "2.1", "1.2"), List.of(number("a"), number("b"), number("a")));
    }

    @Test
    void aNumberThatWasNotUsedIsGivenAgain() {
        number("a");
        streams.rollback("a");
        assertEquals("1.1", number("a"));
    }

    @Test
    void theLeastRecentlyUsedChannelIsForgottenAndGetsANewEpoch() {
        number("a");
        number("b");
        number("a");
        number("c");
        assertEquals("1.3", number("a"));
        assertEquals("4.1", number("b"));
    }

    @Test
    void tellsOfChannelsPublishedToLately() {
        number("a");
        assertEquals(List.of(new NodeMessage.StreamPosition("a", 1, 1)), streams.publishedWithin(10, 110));
        assertEquals(List.of(), streams.publishedWithin(10, 111));
        assertEquals(List.of(), streams.publishedWithin(List.of("b"), 10, 100));
    }
}
