package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private static final String THREAD = "tank-ws-jetty-test-supervisor";

    private final BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();

    private static boolean lives() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(THREAD));
    }

    @Test
    void aCheckThatFailsIsRepeated() throws Exception {
        CountDownLatch checks = new CountDownLatch(3);
        Supervisor supervisor = new Supervisor(
                THREAD,
                Duration.ofMillis(1),
                () -> {
                    checks.countDown();
                    throw new OutOfMemoryError("of this test");
                },
                ends::add);
        supervisor.start();
        assertTrue(checks.await(20, TimeUnit.SECONDS));
        supervisor.stop();
        TransportTestBase.await(() -> !lives());
        assertTrue(ends.isEmpty());
    }

    @Test
    void theFirstFailureEndsTheServerOnce() throws Exception {
        Supervisor supervisor = new Supervisor(THREAD, Duration.ofDays(1), () -> {}, ends::add);
        supervisor.start();
        Throwable cause = new OutOfMemoryError("of this test");
        supervisor.fail(cause);
        supervisor.fail(new IllegalStateException("one too many"));
        assertSame(cause, ends.poll(20, TimeUnit.SECONDS));
        TransportTestBase.await(() -> !lives());
        assertTrue(ends.isEmpty());
    }
}
