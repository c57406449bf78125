package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.support.RunningTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutboxTest {
    private final FakeConnection connection = new FakeConnection();
    private ManagerContext context = ManagerContexts.newContext();
    private Outbox outbox = ManagerContexts.open(context, "u", connection).outbox;

    private void restart(OverflowPolicy policy, int messages, int bytes) {
        context = ManagerContexts.newContext(
                policy, null, l -> l.outboxMessages(messages).outboxBytes(bytes));
        outbox = ManagerContexts.open(context, "u", connection).outbox;
        connection.takesAtOnce = false;
    }

    private boolean send(String text) {
        boolean queued = outbox.offer(Message.text(text));
        outbox.flush();
        return queued;
    }

    private long dropped() {
        return context.counters.drops().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The law that no message is lost from: holds at every moment in which nothing moves. */
    private void assertConserved(int offered, int sent, int dropped, int undelivered) {
        Counters counters = context.counters;
        assertEquals(
                List.of((long) offered, (long) sent, (long) dropped, (long) undelivered),
                List.of(counters.offered.sum(), counters.sent.sum(), dropped(), counters.undelivered.sum()));
    }

    @Test
    void writesAtOnceWhenIdle() {
        assertTrue(send("a"));
        assertEquals(List.of("a"), connection.written());
        assertConserved(1, 1, 0, 0);
    }

    @Test
    void writesAsOneWhatWasOfferedBeforeTheFlush() {
        IntStream.range(0, 5).forEach(i -> outbox.offer(Message.text("m" + i)));
        outbox.flush();
        assertEquals(1, connection.writes.size());
        assertEquals(List.of("m0", "m1", "m2", "m3", "m4"), connection.written());
    }

    @Test
    void writesAsOneWhatCameWhileAWriteWasInFlight() {
        connection.takesAtOnce = false;
        send("a");
        send("b");
        send("c");
        assertEquals(List.of("a"), connection.written());
        connection.take(null);
        assertEquals(2, connection.writes.size());
        assertEquals(List.of("a", "b", "c"), connection.written());
    }

    @Test
    void boundsTheBytesOfOneWrite() {
        connection.takesAtOnce = false;
        send("first");
        String half = "x".repeat(OutboxQueue.MAX_WRITE_BYTES / 2);
        send(half);
        send(half);
        connection.take(null);
        assertEquals(1, connection.writes.get(1).size());
        connection.take(null);
        assertEquals(1, connection.writes.get(2).size());
    }

    @Test
    void doesNotRecurseWhenEveryWriteEndsAtOnce() {
        // Each write takes one message only, so a recursive flush would be as deep as the queue is long.
        restart(OverflowPolicy.DISCONNECT, 5000, Integer.MAX_VALUE);
        String large = "x".repeat(OutboxQueue.MAX_WRITE_BYTES);
        send(large);
        Message message = Message.text(large);
        for (int i = 0; i < 4000; i++) {
            outbox.offer(message);
        }
        connection.takesAtOnce = true;
        connection.take(null);
        assertEquals(4001, connection.writes.size());
    }

    @Test
    void sendsControlFramesFirstAndOnlyTheLatestPongs() {
        connection.takesAtOnce = false;
        send("a");
        send("b");
        for (int i = 0; i < PendingControlFrames.MAX_PONGS + 3; i++) {
            outbox.pong(Frame.of(Frame.Opcode.PONG, ByteBuffer.wrap(new byte[] {(byte) i})));
        }
        outbox.flush();
        connection.take(null);
        List<Frame> second = connection.writes.get(1);
        assertEquals(PendingControlFrames.MAX_PONGS + 1, second.size());
        for (int i = 0; i < PendingControlFrames.MAX_PONGS; i++) {
            assertEquals(i + 3, second.get(i).payload().get(0));
        }
        assertEquals("b", connection.written().get(PendingControlFrames.MAX_PONGS + 1));
    }

    @Test
    void pingsOnlyWhereNoWriteTellsAlready() {
        connection.takesAtOnce = false;
        send("a");
        assertFalse(outbox.ping());
        connection.take(null);
        assertTrue(outbox.ping());
        outbox.flush();
        assertEquals(List.of("a", "PING"), connection.written());
    }

    @Test
    void closesAfterAllHasLeft() {
        connection.takesAtOnce = false;
        send("a");
        send("b");
        assertTrue(outbox.close(CloseStatus.NORMAL));
        assertFalse(outbox.close(CloseStatus.GOING_AWAY));
        outbox.flush();
        assertFalse(send("late"));
        connection.take(null);
        assertEquals(List.of(), connection.closes);
        connection.take(null);
        assertEquals(List.of("a", "b"), connection.written());
        assertEquals(List.of(CloseStatus.NORMAL), connection.closes);
        assertConserved(3, 2, 0, 1);
    }

    @Test
    void disconnectsWhoIsTooSlow() {
        restart(OverflowPolicy.DISCONNECT, 3, 1000);
        send("a");
        send("b");
        send("c");
        assertFalse(send("too much"));
        assertFalse(outbox.isOpen());
        assertEquals(1, context.counters.errors().get(ErrorCode.OUTBOX_OVERFLOW));
        connection.take(null);
        assertEquals(1013, connection.closes.get(0).code());
        assertConserved(4, 1, 3, 0);
    }

    @Test
    void dropsTheOldestThatIsStillQueued() {
        restart(OverflowPolicy.DROP_OLDEST, 3, 1000);
        for (String text : List.of("a", "b", "c", "d", "e")) {
            assertTrue(send(text));
        }
        connection.take(null);
        connection.take(null);
        assertEquals(List.of("a", "d", "e"), connection.written());
        assertConserved(5, 3, 2, 0);
    }

    @Test
    void dropsTheNewest() {
        restart(OverflowPolicy.DROP_NEWEST, 3, 1000);
        for (String text : List.of("a", "b", "c")) {
            assertTrue(send(text));
        }
        assertFalse(send("d"));
        connection.take(null);
        connection.take(null);
        assertEquals(List.of("a", "b", "c"), connection.written());
        assertConserved(4, 3, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void countsBytesAtTheLimitAndOneAbove(OverflowPolicy policy) {
        restart(policy, 100, 20);
        assertTrue(send("12345678"));
        assertTrue(send("12345678"));
        assertEquals(0, dropped());
        send("");
        assertTrue(dropped() > 0);
    }

    @Test
    void takesOneMessageLargerThanItselfWhenEmpty() {
        restart(OverflowPolicy.DISCONNECT, 3, 20);
        assertTrue(send("x".repeat(100)));
        assertFalse(send("x"));
    }

    @Test
    void reportsBeginningAndEndOfAnOverflow() {
        restart(OverflowPolicy.DROP_NEWEST, 1, 1000);
        send("a");
        send("b");
        send("c");
        assertEquals(1, context.counters.errors().get(ErrorCode.OUTBOX_OVERFLOW));
        connection.take(null);
        send("d");
        send("e");
        assertEquals(3, context.counters.errors().get(ErrorCode.OUTBOX_OVERFLOW));
        assertEquals(3, dropped());
    }

    @Test
    void countsWhatTheEndOfTheConnectionCutOff() {
        connection.takesAtOnce = false;
        send("in flight");
        send("queued");
        outbox.closed();
        connection.take(new IOException("gone"));
        assertFalse(send("late"));
        assertConserved(3, 0, 0, 3);
    }

    @Test
    void aFailedWriteIsReportedAndTheConnectionLeftToEnd() {
        connection.takesAtOnce = false;
        send("a");
        send("b");
        connection.take(new IOException("reset"));
        assertEquals(1, context.counters.errors().get(ErrorCode.WRITE_FAILED));
        assertFalse(send("late"));
        assertFalse(outbox.isOpen());
        assertEquals(List.of("a"), connection.written());
        assertEquals(List.of(), connection.closes);
        assertEquals(0, connection.aborts);
        assertConserved(3, 0, 0, 3);
        assertTrue(outbox.closeOverdue(RunningTime.nanoTime() + 6_000_000_000L));
    }

    @Test
    void knowsWhatIsOverdue() {
        connection.takesAtOnce = false;
        send("a");
        outbox.close(CloseStatus.NORMAL);
        long now = RunningTime.nanoTime();
        long second = 1_000_000_000L;
        assertFalse(outbox.writeOverdue(now));
        assertTrue(outbox.writeOverdue(now + 11 * second));
        assertFalse(outbox.closeOverdue(now));
        assertTrue(outbox.closeOverdue(now + 6 * second));
    }

    private void restart(OverflowPolicy policy, Consumer<ClientLimits.Builder> limits) {
        context = ManagerContexts.newContext(policy, null, limits);
        outbox = ManagerContexts.open(context, "u", connection).outbox;
        connection.takesAtOnce = false;
    }

    private void publish(String topic, String data) {
        outbox.offer(context.protocol.envelope(topic, data));
        outbox.flush();
    }

    private static String envelope(String topic, String data) {
        return "{\"topic\":\"" + topic + "\",\"data\":\"" + data + "\"}";
    }

    @Test
    void conflatesToTheLatestOfEachTopic() {
        restart(OverflowPolicy.CONFLATE, 6, 100_000);
        send("in flight");
        publish("a", "1");
        send("plain");
        publish("b", "1");
        publish("a", "2");
        publish("b", "2");
        assertEquals(0, dropped());
        publish("a", "3");
        connection.take(null);
        assertEquals(List.of("in flight", "plain", envelope("b", "2"), envelope("a", "3")), connection.written());
        assertEquals(Map.of(DropReason.CONFLATED, 3L), context.counters.drops());
        connection.take(null);
        assertConserved(7, 4, 3, 0);
    }

    @Test
    void conflatesAtTheCostOfWhatBelongsToNoTopic() {
        restart(OverflowPolicy.CONFLATE, 8, 100_000);
        send("in flight");
        publish("a", "1");
        IntStream.range(0, 6).forEach(i -> send("plain" + i));
        publish("b", "1");
        connection.take(null);
        assertEquals(
                List.of("in flight", envelope("a", "1"), "plain3", "plain4", "plain5", envelope("b", "1")),
                connection.written());
        assertEquals(Map.of(DropReason.OUTBOX_MESSAGES, 3L), context.counters.drops());
    }

    @Test
    void conflationNeverLosesTheMessageThatItMadeRoomFor() {
        restart(OverflowPolicy.CONFLATE, 4, 100_000);
        send("in flight");
        IntStream.range(0, 100).forEach(i -> publish("t" + i, "x"));
        connection.take(null);
        List<String> last =
                IntStream.range(97, 100).mapToObj(i -> envelope("t" + i, "x")).toList();
        assertEquals(last, connection.written().subList(1, 4));
        connection.take(null);
        assertConserved(101, 4, 97, 0);
    }

    @Test
    void disconnectsWhoLeavesAMessageWaitingTooLong() {
        restart(OverflowPolicy.DISCONNECT, limits -> limits.outboxAge(Duration.ofSeconds(2)));
        send("in flight");
        send("old");
        long now = RunningTime.nanoTime();
        assertFalse(outbox.check(now + 1_900_000_000L));
        assertTrue(outbox.check(now + 2_100_000_000L));
        outbox.flush();
        assertFalse(outbox.isOpen());
        connection.take(null);
        assertEquals(1013, connection.closes.get(0).code());
        assertEquals(Map.of(DropReason.OUTBOX_AGE, 1L), context.counters.drops());
        assertConserved(2, 1, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = OverflowPolicy.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DISCONNECT", "CATCH_UP"})
    void dropsWhatWaitsTooLong(OverflowPolicy policy) {
        restart(policy, limits -> limits.outboxAge(Duration.ofSeconds(2)));
        send("in flight");
        send("old");
        long now = RunningTime.nanoTime();
        context.counters.offered.increment();
        outbox.enqueue(MessageBatch.of(Message.text("young")), now + 1_000_000_000L);
        assertTrue(outbox.check(now + 2_100_000_000L));
        connection.take(null);
        assertEquals(List.of("in flight", "young"), connection.written());
        assertEquals(Map.of(DropReason.OUTBOX_AGE, 1L), context.counters.drops());
        assertTrue(outbox.isOpen());
    }

    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void standsTheSoftBoundForItsTimeAlone(OverflowPolicy policy) {
        restart(policy, limits -> limits.outboxSoft(100, Duration.ofSeconds(2)));
        send("in flight");
        IntStream.range(0, 5).forEach(i -> send(i + "x".repeat(27)));
        long now = RunningTime.nanoTime();
        assertFalse(outbox.check(now + 1_900_000_000L));
        assertTrue(outbox.check(now + 2_100_000_000L));
        outbox.flush();
        // The messages have no history.
        boolean disconnect = policy == OverflowPolicy.DISCONNECT || policy == OverflowPolicy.CATCH_UP;
        assertEquals(!disconnect, outbox.isOpen());
        assertEquals(Map.of(DropReason.OUTBOX_SOFT_BYTES, disconnect ? 5L : 3L), context.counters.drops());
        connection.take(null);
        if (!disconnect) {
            boolean newest = policy == OverflowPolicy.DROP_NEWEST;
            assertEquals(newest ? "0" : "3", connection.written().get(1).substring(0, 1));
        }
    }

    @Test
    void forgetsTheSoftBoundOnceItIsKeptAgain() {
        restart(OverflowPolicy.DISCONNECT, limits -> limits.outboxSoft(100, Duration.ofSeconds(2)));
        send("x".repeat(90));
        send("x".repeat(90));
        connection.take(null);
        send("a");
        assertFalse(outbox.check(RunningTime.nanoTime() + 2_100_000_000L));
        assertTrue(outbox.isOpen());
    }

    @Test
    void countsPongsToo() {
        restart(OverflowPolicy.DROP_NEWEST, 100, 200);
        send("in flight");
        outbox.pong(Frame.of(Frame.Opcode.PONG, ByteBuffer.allocate(100)));
        assertFalse(send("x".repeat(100)));
        connection.take(null);
        connection.take(null);
        assertTrue(send("x".repeat(100)));
    }

    @Test
    void tellsHowManyMessagesWereDropped() {
        restart(OverflowPolicy.DROP_NEWEST, 2, 1000);
        List<String> reports = new CopyOnWriteArrayList<>();
        context.events.errors.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ErrorEvent error) {
                reports.add(error.message());
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onComplete() {}
        });
        IntStream.range(0, 5).forEach(i -> send("m" + i));
        connection.take(null);
        connection.take(null);
        context.events.close();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (reports.size() < 2 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(
                List.of(
                        "messages are dropped: OUTBOX_MESSAGES, DROP_NEWEST",
                        "3 messages were dropped: OUTBOX_MESSAGES first, DROP_NEWEST"),
                reports);
    }
}
