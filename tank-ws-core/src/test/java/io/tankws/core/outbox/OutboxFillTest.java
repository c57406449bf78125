package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PacedSender;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state of an outbox that slows down senders, and its end. */
class OutboxFillTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int HUGE = 100_000_000;

    private OutboxFixture fixture = withMessages(40);

    /** A sender to all outboxes. */
    private static final class HeldSender extends PacedSender {
        private final Runnable proceed;

        HeldSender(Runnable proceed) {
            this.proceed = proceed;
        }

        @Override
        public boolean takesTurns() {
            return true;
        }

        @Override
        public boolean isHeldBy(FlowControl flow) {
            return flow.isAnyFilledBut(0);
        }

        @Override
        public void proceed() {
            proceed.run();
        }
    }

    private static OutboxFixture withMessages(int messages) {
        return new OutboxFixture(
                OverflowPolicy.DISCONNECT,
                limits -> limits.outboxMessages(messages)
                        .outboxBytes(HUGE)
                        .outboxSoft(HUGE, Duration.ofSeconds(1000))
                        .outboxAge(Duration.ofSeconds(2))
                        .writeTimeout(Duration.ofSeconds(1000)));
    }

    /** Lets messages wait after one in flight. */
    private void fill(int waiting, int frameLength) {
        fixture.block();
        IntStream.range(0, waiting).forEach(i -> fixture.outbox.offer(OutboxFixture.ofFrameLength(frameLength)));
    }

    private void fill() {
        fill(9, 10);
        assertTrue(fixture.isFilled());
    }

    @ParameterizedTest
    @CsvSource({"40, 9, 0", "40, 10, 1", "40, 19, 1", "40, 20, 2", "1, 1, 1", "3, 2, 2", "1000, 249, 0"})
    void aQuarterOfTheMessagesFillsAnOutboxAndHalfIsCritical(int bound, int messages, int level) {
        fixture = withMessages(bound);
        fill(messages - 1, 10);
        assertEquals(level, fixture.outbox.fill());
        assertEquals(level > 0, fixture.isFilled());
    }

    /** The frame in flight has 2 bytes. */
    @ParameterizedTest
    @CsvSource({
        "4000, 100000, 997, 0", "4000, 100000, 998, 1", "4000, 100000, 1997, 1", "4000, 100000, 1998, 2",
        "100000, 2000, 997, 0", "100000, 2000, 998, 1", "100000, 2000, 1997, 1", "100000, 2000, 1998, 2"
    })
    void aQuarterOfTheBytesFillsAnOutboxAndHalfIsCritical(int bytes, int softBytes, int waiting, int level) {
        fixture = new OutboxFixture(
                OverflowPolicy.DISCONNECT,
                limits -> limits.outboxBytes(bytes).outboxSoft(softBytes, Duration.ofSeconds(1000)));
        fill(1, waiting);
        assertEquals(level, fixture.outbox.fill());
        assertEquals(level > 0, fixture.isFilled());
    }

    @Test
    void onlyACriticalOutboxHoldsSendersBelowTheFreeRate() {
        fill(18, 10);
        assertTrue(fixture.flow.admits(new HeldSender(() -> {}), 1, 10));
        fixture.outbox.offer(Message.text("twentieth"));
        assertFalse(fixture.flow.admits(new HeldSender(() -> {}), 1, 10));
    }

    @Test
    void anEmptyOutboxIsNotFilled() {
        assertEquals(0, fixture.outbox.fill());
        fixture.connection.takesAtOnce = true;
        fixture.send(Message.text("a"));
        assertEquals(0, fixture.outbox.fill());
    }

    @Test
    void aWriteThatBlocksFillsAnOutboxToo() {
        fixture.connection.takesAtOnce = false;
        fixture.enqueue(OutboxFixture.batch(10, 10));
        assertFalse(fixture.isFilled());
        fixture.outbox.flush();
        assertTrue(fixture.isFilled());
    }

    /** Each write takes three messages. An eighth of the bound is 5 messages. */
    @ParameterizedTest
    @CsvSource({"11, 3", "9, 3", "12, 4", "10, 3"})
    void anOutboxIsFilledUntilAnEighthIsLeft(int waiting, int writes) {
        fill(waiting, 20_000);
        for (int i = 1; i < writes; i++) {
            fixture.connection.take(null);
            assertTrue(fixture.isFilled(), "after write " + i);
        }
        fixture.connection.take(null);
        assertFalse(fixture.isFilled());
    }

    /** An eighth of the bound is 10 000 bytes, and each write takes one message. */
    @ParameterizedTest
    @CsvSource({"10000, false", "10001, true"})
    void anOutboxIsFilledUntilAnEighthOfTheBytesIsLeft(int lastFrame, boolean filled) {
        fixture = new OutboxFixture(
                OverflowPolicy.DISCONNECT,
                limits -> limits.outboxBytes(80_000).outboxSoft(80_000, Duration.ofSeconds(1000)));
        fill(1, 60_000);
        fixture.outbox.offer(OutboxFixture.ofFrameLength(lastFrame));
        fixture.connection.take(null);
        assertTrue(fixture.isFilled());
        fixture.connection.take(null);
        assertEquals(filled, fixture.isFilled());
    }

    @Test
    void aSenderRemembersTheFilledOutboxesThatItReached() {
        FilledOutboxes reach = new FilledOutboxes();
        assertNull(FilledOutboxes.enter(reach));
        try {
            fill(8, 10);
            assertFalse(reach.isFilled(fixture.flow));
            fixture.outbox.offer(Message.text("tenth"));
            assertTrue(reach.isFilled(fixture.flow));
        } finally {
            FilledOutboxes.enter(null);
        }
    }

    @Test
    void aBatchIsRememberedLikeAMessage() {
        FilledOutboxes reach = new FilledOutboxes();
        FilledOutboxes.enter(reach);
        try {
            fixture.block();
            fixture.enqueue(OutboxFixture.batch(8, 10));
            assertFalse(reach.isFilled(fixture.flow));
            fixture.enqueue(OutboxFixture.batch(1, 10));
            assertTrue(reach.isFilled(fixture.flow));
        } finally {
            FilledOutboxes.enter(null);
        }
    }

    @Test
    void aDrainedOutboxLetsTheWaitingSenderProceed() throws InterruptedException {
        fill();
        CountDownLatch proceeded = new CountDownLatch(1);
        fixture.flow.await(new HeldSender(proceeded::countDown));
        fixture.connection.take(null);
        assertEquals(1, proceeded.getCount());
        fixture.connection.take(null);
        assertTrue(proceeded.await(10, TimeUnit.SECONDS));
    }

    @Test
    void anOutboxHoldsSendersForTheAgeOfAMessageAtMost() {
        long before = RunningTime.nanoTime();
        fill();
        long after = RunningTime.nanoTime();
        fixture.connection.take(null);
        fixture.outbox.check(before + 2 * SECOND);
        assertTrue(fixture.isFilled());
        fixture.outbox.check(after + 2 * SECOND + 1);
        assertFalse(fixture.isFilled());
    }

    @Test
    void anOutboxThatHasHeldSendersForLongLetsTheWaitingSenderProceed() throws InterruptedException {
        fill();
        CountDownLatch proceeded = new CountDownLatch(1);
        fixture.flow.await(new HeldSender(proceeded::countDown));
        fixture.outbox.check(RunningTime.nanoTime() + 2 * SECOND + 1);
        assertTrue(proceeded.await(10, TimeUnit.SECONDS));
    }

    @Test
    void anOutboxThatFillsUpFurtherHoldsSendersNoLonger() {
        fixture.block();
        long start = RunningTime.nanoTime();
        fixture.outbox.enqueue(OutboxFixture.batch(9, 10), start);
        fixture.outbox.enqueue(OutboxFixture.batch(10, 10), start + SECOND);
        fixture.outbox.check(start + 2 * SECOND);
        assertTrue(fixture.isFilled());
        fixture.outbox.check(start + 2 * SECOND + 1);
        assertFalse(fixture.isFilled());
    }

    @Test
    void anOutboxThatHasHeldSendersForLongHoldsThemAgainAfterItHasDrained() {
        fill();
        fixture.connection.take(null);
        fixture.outbox.check(RunningTime.nanoTime() + 2 * SECOND + 1);
        IntStream.range(0, 20).forEach(i -> fixture.outbox.offer(Message.text("")));
        assertFalse(fixture.isFilled());
        fixture.connection.take(null);
        assertFalse(fixture.isFilled());
        fixture.connection.take(null);
        fill();
    }

    @Test
    void aStalledWriteHoldsSendersForATenthOfItsTimeout() {
        fixture = new OutboxFixture(
                OverflowPolicy.DISCONNECT,
                limits -> limits.outboxMessages(40)
                        .outboxAge(Duration.ofSeconds(100))
                        .writeTimeout(Duration.ofSeconds(10)));
        long before = RunningTime.nanoTime();
        fill();
        long after = RunningTime.nanoTime();
        fixture.outbox.check(before + SECOND);
        assertTrue(fixture.isFilled());
        fixture.outbox.check(after + SECOND + 1);
        assertFalse(fixture.isFilled());
    }

    @Test
    void aClosingOutboxHoldsNoSender() {
        fill();
        fixture.outbox.close(CloseStatus.NORMAL);
        fixture.outbox.check(RunningTime.nanoTime());
        assertFalse(fixture.isFilled());
    }

    @Test
    void aClosedOutboxHoldsNoSender() {
        fill();
        fixture.outbox.closed();
        assertFalse(fixture.isFilled());
        fixture.outbox.offer(Message.text("late"));
        assertFalse(fixture.isFilled());
    }
}
