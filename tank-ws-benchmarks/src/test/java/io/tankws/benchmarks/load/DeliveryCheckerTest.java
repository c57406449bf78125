package io.tankws.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeliveryCheckerTest {
    private static final int SIZE = 50;

    private final DeliveryChecker checker = new DeliveryChecker(false, SIZE);
    private final Peer peer = new Peer(0, Peer.Role.SUBSCRIBER, null);
    private final Payload payload = new Payload(SIZE);

    DeliveryCheckerTest() {
        checker.subscribersAlive = 1;
        for (int i = 0; i < 100; i++) {
            checker.publish();
        }
    }

    @Test
    void messagesInOrderAreDelivered() {
        arrive(0, 1, 2);
        assertCounts(3, 0, 0, 0);
        assertEquals(97, checker.inFlight());
    }

    @Test
    void aGapIsLost() {
        arrive(0, 3);
        assertCounts(2, 2, 0, 0);
        assertEquals(96, checker.inFlight());
    }

    @Test
    void lateMessagesAreReorderedInsteadOfLost() {
        arrive(0, 2, 1);
        assertCounts(3, 0, 0, 1);
    }

    @Test
    void repeatedMessagesAreDuplicated() {
        arrive(0, 1, 1, 0);
        assertCounts(2, 0, 2, 0);
    }

    @Test
    void messagesRepeatedAfterALongGapAreDuplicated() {
        arrive(0, 99, 0, 99);
        assertCounts(2, 98, 2, 0);
    }

    @Test
    void messagesOfAnotherProcessAreCompleteWhenAllSubscribersHaveThem() {
        DeliveryChecker others = DeliveryChecker.ofOthers(SIZE);
        others.subscribersAlive = 2;
        Peer second = new Peer(1, Peer.Role.SUBSCRIBER, null);
        for (long sequence = 0; sequence < 3; sequence++) {
            others.text(peer, payload.stamp(sequence, 0), 0, SIZE, false, 0);
        }
        assertEquals(0, others.completed());
        others.text(second, payload.stamp(Payload.HELLO, 0), 0, SIZE, false, 0);
        others.text(second, payload.stamp(0, 0), 0, SIZE, false, 0);
        others.text(second, payload.stamp(1, 0), 0, SIZE, false, 0);
        assertEquals(2, others.completed());
        assertEquals(1, others.hellos);
        assertEquals(5, others.deliveries);
        assertEquals(0, others.corrupt);
    }

    @Test
    void changedPaddingIsCorrupt() {
        byte[] text = payload.stamp(0, 0).clone();
        text[SIZE - 1] = 'y';
        checker.text(peer, text, 0, SIZE, false, 0);
        checker.text(peer, payload.stamp(0, 0), 0, SIZE - 1, false, 0);
        checker.text(peer, payload.stamp(100, 0), 0, SIZE, false, 0);
        assertEquals(3, checker.corrupt);
    }

    @Test
    void aMessageIsFoundWithinAnEnvelope() {
        byte[] text = ("{\"topic\":\"news\",\"data\":\"" + new String(payload.stamp(0, 0)) + "\"}").getBytes();
        checker.text(peer, text, 0, text.length, false, 0);
        assertCounts(1, 0, 0, 0);
    }

    @Test
    void otherTextsAreNoMessages() {
        byte[] text = "tb1: is how a message begins, but not what it is".getBytes();
        checker.text(peer, text, 0, text.length, false, 0);
        assertEquals(1, checker.otherTexts);
    }

    @Test
    void messagesOfADisconnectedSubscriberAreNotAwaited() {
        arrive(0);
        checker.onDisconnected(peer);
        assertEquals(99, checker.cut);
        assertEquals(0, checker.inFlight());
    }

    private void arrive(long... sequences) {
        for (long sequence : sequences) {
            checker.text(peer, payload.stamp(sequence, 0), 0, SIZE, false, 0);
        }
    }

    private void assertCounts(long deliveries, long lost, long duplicated, long reordered) {
        assertEquals(
                "%d %d %d %d 0".formatted(deliveries, lost, duplicated, reordered),
                "%d %d %d %d %d"
                        .formatted(
                                checker.deliveries,
                                checker.lost,
                                checker.duplicated,
                                checker.reordered,
                                checker.corrupt));
    }
}
