package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.support.FakeConnection;
import io.tankws.spi.support.RunningTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that take long or fail, with the defaults: 10 s for a write and 5 s for a close. */
class OutboxProgressTest {
    private static final long SECOND = 1_000_000_000L;
    /** The bytes of an efficient write. */
    private static final int EFFICIENT = 64 * 1024;

    private final OutboxFixture fixture = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> {});
    private final Outbox outbox = fixture.outbox;
    private final long start = RunningTime.nanoTime();

    @Test
    void theBytesOfAnEfficientWriteStartTheTimeOfAWriteAgain() {
        outbox.progressed(start, 1000);
        fixture.block();
        outbox.progressed(start + 5 * SECOND, 1000 + EFFICIENT - 1);
        assertTrue(outbox.writeOverdue(start + 14 * SECOND));
        outbox.progressed(start + 6 * SECOND, 1000 + EFFICIENT);
        assertFalse(outbox.writeOverdue(start + 16 * SECOND));
        assertTrue(outbox.writeOverdue(start + 16 * SECOND + 1));
        outbox.progressed(start + 7 * SECOND, 1000 + 2 * EFFICIENT - 1);
        assertTrue(outbox.writeOverdue(start + 16 * SECOND + 1));
    }

    @Test
    void progressWithoutAWriteInFlightStartsNoTime() {
        outbox.progressed(start, EFFICIENT);
        assertFalse(outbox.isBlocked());
        assertFalse(outbox.writeOverdue(start + 100 * SECOND));
    }

    @Test
    void progressStartsTheTimeOfACloseAgain() {
        fixture.block();
        outbox.close(CloseStatus.NORMAL);
        outbox.progressed(start + 4 * SECOND, EFFICIENT);
        assertFalse(outbox.closeOverdue(start + 9 * SECOND));
        assertTrue(outbox.closeOverdue(start + 9 * SECOND + 1));
    }

    @Test
    void fewerBytesThanAnEfficientWriteKeepTheTimeOfAClose() {
        fixture.block();
        outbox.close(CloseStatus.NORMAL);
        long after = RunningTime.nanoTime();
        outbox.progressed(after + 4 * SECOND, EFFICIENT - 1);
        assertTrue(outbox.closeOverdue(after + 5 * SECOND + 1));
    }

    @ParameterizedTest
    @CsvSource({"32768, 32768, 2", "32768, 32769, 1"})
    void aWriteHasAtMostTheBytesOfAnEfficientOne(int first, int second, int messages) {
        fixture.block();
        outbox.offer(OutboxFixture.ofFrameLength(first));
        outbox.offer(OutboxFixture.ofFrameLength(second));
        fixture.connection.take(null);
        assertEquals(messages, fixture.connection.writes.get(1).size());
    }

    @Test
    void thePeerWaitsForACloseNoLongerThanTheCloseTimeout() {
        assertFalse(outbox.closeOverdue(start + 100 * SECOND));
        outbox.peerClosed();
        assertFalse(outbox.closeOverdue(start + 5 * SECOND));
        assertTrue(outbox.closeOverdue(RunningTime.nanoTime() + 5 * SECOND + 1));
        assertTrue(outbox.isOpen());
    }

    @Test
    void aCloseOfThisSideKeepsTheTimeOfThePeer() {
        outbox.peerClosed();
        long after = RunningTime.nanoTime();
        outbox.close(CloseStatus.NORMAL);
        assertTrue(outbox.closeOverdue(after + 5 * SECOND + 1));
        outbox.flush();
        assertEquals(List.of(CloseStatus.NORMAL), fixture.connection.closes);
    }

    @Test
    void theCloseOfTheConnectionIsCalledOnce() {
        outbox.close(CloseStatus.NORMAL);
        outbox.flush();
        outbox.flush();
        assertEquals(List.of(CloseStatus.NORMAL), fixture.connection.closes);
    }

    @Test
    void aPingFollowsTheBytesOfAnEfficientWrite() {
        fixture.heartbeating = true;
        fixture.send(OutboxFixture.ofFrameLength(EFFICIENT / 2));
        fixture.send(OutboxFixture.ofFrameLength(EFFICIENT / 2 - 1));
        fixture.outbox.flush();
        assertEquals(2, fixture.connection.writes.size());
        fixture.send(Message.text(""));
        assertEquals("PING", fixture.connection.written().get(3));
        fixture.send(OutboxFixture.ofFrameLength(EFFICIENT - 5));
        assertEquals(5, fixture.connection.written().size());
    }

    @Test
    void noPingFollowsWithoutAHeartbeat() {
        fixture.send(OutboxFixture.ofFrameLength(EFFICIENT * 3));
        outbox.flush();
        assertEquals(1, fixture.connection.written().size());
    }

    @Test
    void noPingFollowsOnceTheOutboxIsClosing() {
        fixture.heartbeating = true;
        fixture.block();
        outbox.offer(OutboxFixture.ofFrameLength(EFFICIENT * 3));
        outbox.close(CloseStatus.NORMAL);
        fixture.connection.take(null);
        fixture.connection.take(null);
        assertEquals(2, fixture.connection.written().size());
    }

    @Test
    void onlyMessagesTooLargeForPingsInBetweenCountAsLarge() {
        fixture.send(OutboxFixture.ofFrameLength(2 * EFFICIENT));
        assertEquals(0, outbox.largeBytes());
        fixture.send(OutboxFixture.ofFrameLength(2 * EFFICIENT + 1));
        fixture.send(OutboxFixture.ofFrameLength(2 * EFFICIENT + 2));
        assertEquals(4 * EFFICIENT + 3, outbox.largeBytes());
    }

    @Test
    void twoPingsThatWaitAreOneFrame() {
        assertTrue(outbox.ping());
        assertTrue(outbox.ping());
        outbox.flush();
        assertEquals(List.of("PING"), fixture.connection.written());
        outbox.close(CloseStatus.NORMAL);
        assertFalse(outbox.ping());
    }

    /** The frame in flight has 2 bytes, each pong 12 and the last message 20. */
    @ParameterizedTest
    @ValueSource(ints = {213, 214})
    void replacedPongsTakeNoRoom(int bound) {
        OutboxFixture full = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> limits.outboxBytes(bound));
        full.block();
        for (int i = 0; i < 100; i++) {
            full.outbox.pong(Frame.of(Frame.Opcode.PONG, ByteBuffer.allocate(10)));
        }
        assertEquals(bound == 214, full.outbox.offer(OutboxFixture.ofFrameLength(20)));
    }

    @Test
    void controlFramesInFlightTakeRoomToo() {
        OutboxFixture full = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> limits.outboxBytes(100));
        full.connection.takesAtOnce = false;
        full.outbox.pong(Frame.of(Frame.Opcode.PONG, ByteBuffer.allocate(48)));
        full.send(OutboxFixture.ofFrameLength(20));
        assertFalse(full.outbox.offer(OutboxFixture.ofFrameLength(31)));
        assertTrue(full.outbox.offer(OutboxFixture.ofFrameLength(30)));
    }

    /** A ping has 2 bytes. */
    @Test
    void aPingInFlightTakesRoomToo() {
        OutboxFixture full = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> limits.outboxBytes(100));
        full.connection.takesAtOnce = false;
        full.outbox.ping();
        full.send(OutboxFixture.ofFrameLength(20));
        assertFalse(full.outbox.offer(OutboxFixture.ofFrameLength(79)));
        assertTrue(full.outbox.offer(OutboxFixture.ofFrameLength(78)));
    }

    private static Outbox over(FakeConnection connection, OutboxListener listener) {
        ClientLimits limits = ClientLimits.defaults();
        FlowControl flow = new FlowControl(limits, false, Thread::new);
        return new Outbox(
                1, listener, connection, limits, new OutboxContext(OverflowPolicy.DISCONNECT, new Counters(), flow));
    }

    @Test
    void aWriteThatThrowsIsAFailedWrite() {
        IllegalStateException planted = new IllegalStateException("planted");
        Outbox failing = over(
                new FakeConnection() {
                    @Override
                    public synchronized boolean write(List<Frame> frames, WriteCallback callback) {
                        throw planted;
                    }
                },
                fixture);
        failing.offer(Message.text("a"));
        failing.flush();
        assertEquals(List.of(planted), fixture.failures);
        assertFalse(failing.isOpen());
        failing.flush();
        assertEquals(1, fixture.failures.size());
    }

    @Test
    void aCloseThatThrowsIsReported() {
        IllegalStateException planted = new IllegalStateException("planted");
        Outbox failing = over(
                new FakeConnection() {
                    @Override
                    public void close(CloseStatus status) {
                        throw planted;
                    }
                },
                fixture);
        failing.close(CloseStatus.NORMAL);
        failing.flush();
        assertSame(planted, fixture.failures.get(0));
    }

    @Test
    void aFailedWriteReportsTheMessagesThatWereDropped() {
        OutboxFixture full = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> limits.outboxMessages(1));
        full.block();
        full.send(Message.text("dropped"));
        full.connection.take(new IOException("planted"));
        full.outbox.flush();
        assertEquals("1 messages were dropped: OUTBOX_MESSAGES first, DROP_NEWEST", full.reports.get(1));
    }
}
