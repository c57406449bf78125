package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.StreamPosition;
import io.tankws.spi.support.RunningTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** An outbox of a client that is behind on topics with a history. */
class OutboxCatchUpTest {
    private static final long SECOND = 1_000_000_000;

    private final OutboxFixture fixture =
            new OutboxFixture(OverflowPolicy.CATCH_UP, limits -> limits.outboxMessages(40));
    private final Outbox outbox = fixture.outbox;

    private void publish(String topic, long from, long to) {
        for (long offset = from; offset <= to; offset++) {
            publish(FixedEntry.publication(topic, offset));
        }
    }

    private void publish(MessageBatch batch) {
        fixture.counters.offered.add(batch.size());
        outbox.continueWrite(batch, outbox.tryStartWrite(batch, RunningTime.nanoTime()));
    }

    private HistoryRequest request() {
        HistoryRequest request = outbox.nextPage();
        assertNotNull(request);
        return request;
    }

    /** Answers a request from a history that ends with an offset. */
    private void answer(HistoryRequest request, long top) {
        long first = request.since().offset() + 1;
        long last = Math.min(top, first + request.publications() - 1);
        RecoveredPage page = new RecoveredPage(request);
        LongStream.rangeClosed(first, last)
                .forEach(offset -> page.add(
                        new StreamPosition(request.since().epoch(), offset), Message.text(request.topic() + offset)));
        if (last == top) {
            page.reachTop();
        }
        outbox.recover(page);
        outbox.flush();
    }

    /** Ends all writes. */
    private void drain() {
        while (fixture.connection.isWriting()) {
            fixture.connection.take(null);
        }
    }

    private void catchUp(long top) {
        catchUp(topic -> top);
    }

    private void catchUp(ToLongFunction<String> tops) {
        drain();
        int pages = 0;
        for (HistoryRequest request = outbox.nextPage(); request != null; request = outbox.nextPage()) {
            answer(request, tops.applyAsLong(request.topic()));
            drain();
            assertTrue(pages++ < 1000, "endless reading");
        }
    }

    private static List<String> texts(String topic, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(offset -> topic + offset)
                .toList();
    }

    /** Returns what the client has received after the message that blocked its outbox. */
    private List<String> received() {
        List<String> all = fixture.connection.written();
        return all.subList(1, all.size());
    }

    private void assertConserved() {
        long dropped = fixture.counters.drops().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertEquals(
                fixture.counters.offered.sum() + fixture.counters.recovered.sum(),
                fixture.counters.sent.sum() + outbox.queuedMessages() + dropped + fixture.counters.undelivered.sum());
    }

    @Test
    void aClientThatIsBehindReadsEverythingFromTheHistoryOnce() {
        fixture.block();
        publish("a", 1, 100);
        assertTrue(outbox.queuedMessages() <= 40);
        drain();
        assertEquals(1, fixture.catchUps);
        catchUp(100);
        publish("a", 101, 101);
        drain();
        assertEquals(texts("a", 1, 101), received());
        assertEquals(100, fixture.counters.recovered.sum());
        assertEquals(Map.of(DropReason.CATCH_UP, 100L), fixture.counters.drops());
        assertConserved();
    }

    @Test
    void thePagesFitIntoAQuarterOfTheBounds() {
        fixture.block();
        publish("a", 1, 100);
        drain();
        HistoryRequest first = request();
        assertEquals(10, first.publications());
        assertEquals(64 * 1024, first.bytes());
        assertEquals(new StreamPosition("e", 0), first.since());
        assertEquals("a", first.topic());
        answer(first, 100);
        assertEquals(10, outbox.queuedMessages());
        assertNull(outbox.nextPage());
        drain();
        assertEquals(new StreamPosition("e", 10), request().since());
    }

    @Test
    void aPublicationThatAPageContainsIsNotSentAgain() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        // The history has two publications that are not delivered yet.
        catchUp(43);
        publish("a", 42, 43);
        assertEquals(texts("a", 1, 43), received());
        publish("a", 44, 44);
        drain();
        assertEquals(texts("a", 1, 44), received());
        assertEquals(43, fixture.counters.drops().get(DropReason.CATCH_UP));
        assertConserved();
    }

    @Test
    void aPublicationDuringTheLastPageIsReadFromTheHistory() {
        fixture.block();
        publish("a", 1, 41);
        catchUpTo(40);
        HistoryRequest last = request();
        publish("a", 42, 42);
        answer(last, 41);
        publish("a", 43, 43);
        catchUp(43);
        publish("a", 44, 44);
        drain();
        assertEquals(texts("a", 1, 44), received());
        assertConserved();
    }

    /** Reads pages until the next one begins after an offset. */
    private void catchUpTo(long offset) {
        drain();
        for (HistoryRequest next = request(); ; next = request()) {
            answer(next, offset);
            drain();
            if (next.since().offset() + next.publications() >= offset) {
                return;
            }
        }
    }

    @Test
    void otherTopicsAndMessagesAreNotHeldBack() {
        fixture.block();
        publish("a", 1, 41);
        publish("b", 1, 1);
        fixture.send(Message.text("direct"));
        drain();
        catchUp(41);
        List<String> received = received();
        assertEquals(List.of("b1", "direct"), received.subList(0, 2));
        assertEquals(texts("a", 1, 41), received.subList(2, received.size()));
    }

    @Test
    void allTopicsWithAHistoryAreDroppedAndReadInTurns() {
        fixture.block();
        publish("a", 1, 20);
        publish("b", 1, 20);
        publish("b", 21, 21);
        drain();
        HistoryRequest first = request();
        HistoryRequest second = request();
        assertEquals(List.of("a", "b"), List.of(first.topic(), second.topic()));
        answer(first, 20);
        drain();
        answer(second, 21);
        catchUp(topic -> topic.equals("a") ? 20 : 21);
        for (String topic : List.of("a", "b")) {
            List<String> ofTopic =
                    received().stream().filter(text -> text.startsWith(topic)).toList();
            assertEquals(texts(topic, 1, topic.equals("a") ? 20 : 21), ofTopic);
        }
        assertConserved();
    }

    @Test
    void aHistoryThatLagsIsNotReadInALoop() {
        fixture.block();
        publish("a", 1, 41);
        catchUp(40);
        assertEquals(texts("a", 1, 40), received());
        assertFalse(outbox.check(RunningTime.nanoTime()));
        assertNull(outbox.nextPage());
        assertTrue(outbox.check(RunningTime.nanoTime() + SECOND));
        catchUp(41);
        assertEquals(texts("a", 1, 41), received());
    }

    @Test
    void aMessageWithoutAPositionDoesNotOvertakeItsTopic() {
        Message unkept = Message.text("a", ByteBuffer.wrap(new byte[] {'u'}));
        fixture.block();
        publish(MessageBatch.of(unkept));
        publish("a", 1, 20);
        publish(MessageBatch.of(unkept));
        publish("a", 21, 40);
        publish(MessageBatch.of(unkept));
        catchUp(40);
        publish(MessageBatch.of(unkept));
        drain();
        List<String> received = received();
        assertEquals("u", received.get(0));
        assertEquals(texts("a", 1, 40), received.subList(1, 41));
        assertEquals(List.of("u"), received.subList(41, received.size()));
        assertEquals(42, fixture.counters.drops().get(DropReason.CATCH_UP));
        assertConserved();
    }

    @Test
    void otherMessagesThatOverflowCloseTheClient() {
        fixture.block();
        publish("a", 1, 20);
        for (int i = 0; i < 39; i++) {
            fixture.send(Message.text("direct" + i));
        }
        assertTrue(outbox.isOpen());
        assertEquals(Map.of(DropReason.CATCH_UP, 20L), fixture.counters.drops());
        fixture.send(Message.text("too many"));
        assertFalse(outbox.isOpen());
        assertEquals(40, fixture.counters.drops().get(DropReason.OUTBOX_MESSAGES));
        drain();
        assertNull(outbox.nextPage());
        assertConserved();
    }

    @Test
    void aPublicationNeverClosesTheClient() {
        fixture.block();
        for (int i = 0; i < 39; i++) {
            fixture.send(Message.text("direct" + i));
        }
        publish("a", 1, 5);
        assertTrue(outbox.isOpen());
        catchUp(5);
        assertEquals(texts("a", 1, 5), received().subList(39, 44));
    }

    @Test
    void recoveredPublicationsAreDroppedAndReadAgain() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        fixture.send(Message.text("in flight"));
        answer(request(), 41);
        assertEquals(11, outbox.queuedMessages());
        for (int i = 0; i < 30; i++) {
            fixture.send(Message.text("direct"));
        }
        assertEquals(51, fixture.counters.drops().get(DropReason.CATCH_UP));
        catchUp(41);
        List<String> ofTopic =
                received().stream().filter(text -> text.startsWith("a")).toList();
        assertEquals(texts("a", 1, 41), ofTopic);
        assertConserved();
    }

    @Test
    void aClientThatHasCaughtUpMayFallBehindAgain() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        for (HistoryRequest next = request(); next != null; next = outbox.nextPage()) {
            answer(next, 41);
            if (next.since().offset() + next.publications() < 41) {
                drain();
            }
        }
        // The last page is in flight, and the client takes live publications again.
        publish("a", 42, 90);
        assertTrue(outbox.queuedMessages() <= 40);
        catchUp(90);
        assertEquals(texts("a", 1, 90), received());
        assertConserved();
    }

    @Test
    void aClientThatUnsubscribesIsNotBehind() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        HistoryRequest old = request();
        outbox.forget("a");
        answer(old, 41);
        assertNull(outbox.nextPage());
        assertEquals(List.of(), received());
        publish("a", 50, 50);
        drain();
        assertEquals(List.of("a50"), received());
        assertConserved();
    }

    @Test
    void waitingMessagesOfAnEndedSubscriptionAreOrdinaryMessages() {
        fixture.block();
        publish("a", 1, 20);
        outbox.forget("a");
        publish("b", 1, 25);
        assertTrue(outbox.isOpen());
        catchUp(25);
        assertEquals(texts("a", 1, 20), received().subList(0, 20));
        assertEquals(texts("b", 1, 25), received().subList(20, 45));
    }

    @Test
    void anotherEpochIsNotComparedWithThePosition() {
        fixture.block();
        publish("a", 1, 41);
        publish(FixedEntry.publication("a", "f", 1));
        drain();
        // The history was read before the new epoch began.
        for (HistoryRequest next = request(); next.since().offset() < 41; next = request()) {
            answer(next, 41);
            drain();
        }
        outbox.abandonRecovery(request());
        assertEquals(List.of("a"), fixture.lost);
        assertNull(outbox.nextPage());
    }

    @Test
    void aBatchThatOverflowsInItsMiddleIsLeftToTheHistory() {
        fixture.block();
        publish(MessageBatch.ofPublications(
                LongStream.rangeClosed(1, 60)
                        .<Message>mapToObj(offset -> Message.text("a" + offset))
                        .toList(),
                LongStream.rangeClosed(1, 60)
                        .mapToObj(offset -> FixedEntry.position("a", "e", offset))
                        .toList()));
        catchUp(60);
        assertEquals(texts("a", 1, 60), received());
        assertConserved();
    }

    @Test
    void nothingMoreOfATopicThatIsGivenUpIsSentUntilItsSubscriptionHasEnded() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        outbox.abandonRecovery(request());
        publish("a", 42, 43);
        drain();
        assertEquals(List.of(), received());
        outbox.forget("a");
        publish("a", 44, 44);
        drain();
        assertEquals(texts("a", 44, 44), received());
        assertConserved();
    }

    @Test
    void aTopicIsGivenUpOnlyForTheCurrentPosition() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        HistoryRequest old = request();
        answer(old, 41);
        outbox.abandonRecovery(old);
        assertEquals(List.of(), fixture.lost);
    }

    @Test
    void aFailedReadingIsRepeatedAfterAPause() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        assertEquals(1, fixture.catchUps);
        long before = RunningTime.nanoTime();
        outbox.postponeRecovery();
        long after = RunningTime.nanoTime();
        outbox.flush();
        assertFalse(outbox.check(before + SECOND - 1));
        assertEquals(1, fixture.catchUps);
        assertTrue(outbox.check(after + SECOND));
    }

    @Test
    void aClientThatDoesNotCatchUpInTimeIsClosed() {
        OutboxFixture slow = new OutboxFixture(
                OverflowPolicy.CATCH_UP, limits -> limits.outboxMessages(4).catchUpTime(Duration.ofSeconds(30)));
        slow.block();
        long before = RunningTime.nanoTime();
        for (int offset = 1; offset <= 5; offset++) {
            slow.enqueue(FixedEntry.publication("a", offset));
        }
        long after = RunningTime.nanoTime();
        assertFalse(slow.outbox.check(before + 30 * SECOND));
        assertTrue(slow.outbox.isOpen());
        assertTrue(slow.outbox.check(after + 30 * SECOND + 1));
        assertFalse(slow.outbox.isOpen());
        slow.connection.take(null);
        slow.outbox.flush();
        assertEquals(1, slow.connection.closes.size());
    }

    @Test
    void aClientThatHasCaughtUpIsNotClosedLater() {
        fixture.block();
        publish("a", 1, 41);
        catchUp(41);
        assertFalse(outbox.check(RunningTime.nanoTime() + 1000 * SECOND));
        assertTrue(outbox.isOpen());
    }

    @Test
    void overduePublicationsAreLeftToTheHistory() {
        fixture.block();
        publish("a", 1, 5);
        assertTrue(outbox.check(RunningTime.nanoTime() + 11 * SECOND));
        assertTrue(outbox.isOpen());
        assertEquals(Map.of(DropReason.CATCH_UP, 5L), fixture.counters.drops());
        catchUp(5);
        assertEquals(texts("a", 1, 5), received());
    }

    @Test
    void otherOverdueMessagesCloseTheClient() {
        fixture.block();
        publish("a", 1, 5);
        fixture.send(Message.text("direct"));
        assertTrue(outbox.check(RunningTime.nanoTime() + 11 * SECOND));
        assertFalse(outbox.isOpen());
        assertEquals(Map.of(DropReason.CATCH_UP, 5L, DropReason.OUTBOX_AGE, 1L), fixture.counters.drops());
    }

    @Test
    void theSoftBoundLeavesPublicationsToTheHistory() {
        OutboxFixture soft =
                new OutboxFixture(OverflowPolicy.CATCH_UP, limits -> limits.outboxSoft(20, Duration.ofSeconds(1)));
        soft.block();
        for (int offset = 1; offset <= 9; offset++) {
            soft.enqueue(FixedEntry.publication("a", offset));
        }
        soft.send(Message.text("direct"));
        assertTrue(soft.outbox.check(RunningTime.nanoTime() + 2 * SECOND));
        assertTrue(soft.outbox.isOpen());
        assertEquals(Map.of(DropReason.CATCH_UP, 9L), soft.counters.drops());
    }

    @Test
    void reportsTheBeginAndTheEnd() {
        fixture.block();
        publish("a", 1, 41);
        outbox.flush();
        assertEquals(List.of("publications are left to the history: OUTBOX_MESSAGES, CATCH_UP"), fixture.reports);
        catchUp(41);
        outbox.flush();
        assertEquals("41 messages were dropped: OUTBOX_MESSAGES first, CATCH_UP", fixture.reports.get(1));
        assertEquals(2, fixture.reports.size());
    }

    @Test
    void aClosedOutboxReadsNothing() {
        fixture.block();
        publish("a", 1, 41);
        drain();
        HistoryRequest request = request();
        outbox.closed();
        answer(request, 41);
        assertNull(outbox.nextPage());
        assertEquals(List.of(), received());
        assertConserved();
    }

    @Test
    void otherPoliciesRememberNoPositions() {
        OutboxFixture plain = new OutboxFixture(OverflowPolicy.DISCONNECT, limits -> limits.outboxMessages(4));
        plain.block();
        for (int offset = 1; offset <= 5; offset++) {
            plain.enqueue(FixedEntry.publication("a", offset));
        }
        assertFalse(plain.outbox.isOpen());
        assertEquals(Map.of(DropReason.OUTBOX_MESSAGES, 4L), plain.counters.drops());
    }
}
