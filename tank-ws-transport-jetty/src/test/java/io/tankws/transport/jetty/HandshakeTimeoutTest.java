package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

class HandshakeTimeoutTest {
    /** A timer that has no thread, as after the stop of a server. */
    private static final class Timers extends AbstractLifeCycle implements Scheduler {
        private int asked;

        @Override
        public Task schedule(Runnable task, long delay, TimeUnit unit) {
            asked++;
            throw new RejectedExecutionException("no thread");
        }
    }

    private static final class Idle extends AbstractConnection {
        Idle() {
            super(new ByteArrayEndPoint(), Runnable::run);
        }

        @Override
        public void onFillable() {
            throw new AssertionError("never read");
        }
    }

    /** A manager refuses undecided handshakes after its server has stopped. */
    @Test
    void aResponseAfterTheStopStartsNoTimer() throws Exception {
        Timers timers = new Timers();
        HandshakeTimeout deadline = new HandshakeTimeout(timers, Duration.ofSeconds(1), Duration.ofSeconds(1));
        deadline.start();
        deadline.onOpened(new Idle());
        assertEquals(2, timers.asked);
        deadline.stop();
        deadline.onOpened(new Idle());
        assertEquals(2, timers.asked);
    }
}
