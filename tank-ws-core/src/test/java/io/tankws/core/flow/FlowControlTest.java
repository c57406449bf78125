package io.tankws.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.core.support.Shortage;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The thread that lets senders proceed, and the behaviour without it. */
class FlowControlTest {
    private static final long READER = 1;

    private final Shortage shortage = new Shortage();
    private final FlowControl flow = new FlowControl(ClientLimits.defaults(), true, shortage.apply("test-pacing"));
    private final CountDownLatch proceeded = new CountDownLatch(1);
    private final AtomicInteger failures = new AtomicInteger();

    /** A sender that is held while any outbox is filled. */
    private final PacedSender sender = new PacedSender() {
        @Override
        public boolean takesTurns() {
            return true;
        }

        @Override
        public boolean isHeldBy(FlowControl control) {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new InternalError("of this test");
            }
            return control.isAnyFilledBut(0);
        }

        @Override
        public void proceed() {
            proceeded.countDown();
        }
    };

    private void hold() {
        flow.filled(READER, false);
        flow.await(sender);
    }

    @Test
    void anErrorOfThePacingThreadHoldsNoSenderForEver() throws InterruptedException {
        hold();
        failures.set(1);
        assertTrue(flow.drained(READER));
        flow.wake();
        while (failures.get() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        while (!proceeded.await(1, TimeUnit.MILLISECONDS)) {
            // The housekeeper makes this call in each round.
            flow.check(RunningTime.nanoTime());
        }
        flow.end(Duration.ZERO);
    }

    @Test
    void sendersThatWaitProceedAtTheEndThoughThereIsNoThread() {
        hold();
        shortage.begin();
        flow.end(Duration.ZERO);
        assertEquals(0, proceeded.getCount());
    }

    @Test
    void sendersThatFindNoThreadProceedOnceThereIsOne() throws InterruptedException {
        hold();
        shortage.begin();
        flow.drained(READER);
        flow.wake();
        assertEquals(1, shortage.failures());
        assertEquals(1, proceeded.getCount());
        shortage.end();
        flow.check(RunningTime.nanoTime());
        assertTrue(proceeded.await(10, TimeUnit.SECONDS));
        flow.end(Duration.ZERO);
    }
}
