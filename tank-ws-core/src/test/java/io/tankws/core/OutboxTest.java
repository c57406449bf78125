package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutboxTest {
    private final FakeConnection connection = new FakeConnection();
    private Engine engine = Engines.engine();
    private Outbox outbox = Engines.open(engine, "u", connection).outbox;

    private void restart(OverflowPolicy policy, int messages, int bytes) {
        engine = Engines.engine(policy, null, l -> l.outboxMessages(messages).outboxBytes(bytes));
        outbox = Engines.open(engine, "u", connection).outbox;
        connection.takesAtOnce = false;
    }

    private boolean send(String text) {
        boolean queued = outbox.offer(Message.text(text));
        outbox.flush();
        return queued;
    }

    /** The law that no message is lost from: holds at every moment in which nothing moves. */
    private void assertConserved(int offered, int sent, int dropped, int undelivered) {
        Counters counters = engine.counters;
        assertEquals(
                List.of((long) offered, (long) sent, (long) dropped, (long) undelivered),
                List.of(
                        counters.offered.sum(),
                        counters.sent.sum(),
                        counters.dropped.sum(),
                        counters.undelivered.sum()));
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
        String half = "x".repeat(Outbox.MAX_WRITE_BYTES / 2);
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
        String large = "x".repeat(Outbox.MAX_WRITE_BYTES);
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
        for (int i = 0; i < ControlFrames.MAX_PONGS + 3; i++) {
            outbox.pong(Frame.of(Frame.Opcode.PONG, ByteBuffer.wrap(new byte[] {(byte) i})));
        }
        outbox.flush();
        connection.take(null);
        List<Frame> second = connection.writes.get(1);
        assertEquals(ControlFrames.MAX_PONGS + 1, second.size());
        for (int i = 0; i < ControlFrames.MAX_PONGS; i++) {
            assertEquals(i + 3, second.get(i).payload().get(0));
        }
        assertEquals("b", connection.written().get(ControlFrames.MAX_PONGS + 1));
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
        assertEquals(1, engine.counters.errors().get(ErrorCode.OUTBOX_OVERFLOW));
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
        assertEquals(0, engine.counters.dropped.sum());
        send("");
        assertTrue(engine.counters.dropped.sum() > 0);
    }

    @Test
    void takesOneMessageLargerThanItselfWhenEmpty() {
        restart(OverflowPolicy.DISCONNECT, 3, 20);
        assertTrue(send("x".repeat(100)));
        assertFalse(send("x"));
    }

    @Test
    void reportsAnOverflowOncePerEpisode() {
        restart(OverflowPolicy.DROP_NEWEST, 1, 1000);
        send("a");
        send("b");
        send("c");
        assertEquals(1, engine.counters.errors().get(ErrorCode.OUTBOX_OVERFLOW));
        connection.take(null);
        send("d");
        send("e");
        assertEquals(2, engine.counters.errors().get(ErrorCode.OUTBOX_OVERFLOW));
        assertEquals(3, engine.counters.dropped.sum());
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
        assertEquals(1, engine.counters.errors().get(ErrorCode.WRITE_FAILED));
        assertFalse(send("late"));
        assertFalse(outbox.isOpen());
        assertEquals(List.of("a"), connection.written());
        assertEquals(List.of(), connection.closes);
        assertEquals(0, connection.aborts);
        assertConserved(3, 0, 0, 3);
        assertTrue(outbox.closeOverdue(System.nanoTime() + 6_000_000_000L));
    }

    @Test
    void knowsWhatIsOverdue() {
        connection.takesAtOnce = false;
        send("a");
        outbox.close(CloseStatus.NORMAL);
        long now = System.nanoTime();
        long second = 1_000_000_000L;
        assertFalse(outbox.writeOverdue(now));
        assertTrue(outbox.writeOverdue(now + 11 * second));
        assertFalse(outbox.closeOverdue(now));
        assertTrue(outbox.closeOverdue(now + 6 * second));
    }
}
