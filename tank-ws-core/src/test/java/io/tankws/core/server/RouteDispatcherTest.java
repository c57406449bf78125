package io.tankws.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.ServerLimits;
import io.tankws.core.TankWs;
import io.tankws.core.support.FakeHandshake;
import io.tankws.core.support.Shortage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteDispatcherTest {
    private static final Refusal TEAPOT = new Refusal(418, "on purpose");

    private final Shortage shortage = new Shortage();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore begun = new Semaphore(0);
    private RouteDispatcher routes;

    private HandshakeHandler handler(String path, Consumer<ServerLimits.Builder> limits, HandshakeHandler handler) {
        if (routes == null) {
            ServerLimits.Builder builder = ServerLimits.builder();
            limits.accept(builder);
            routes = new RouteDispatcher(builder.build(), shortage);
        }
        return routes.handler(path, handler);
    }

    @AfterEach
    void end() {
        release.countDown();
        if (routes != null) {
            routes.end(Duration.ofSeconds(10));
        }
    }

    /** Ignores interrupts. */
    private void hang(Handshake handshake) {
        begun.release();
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException e) {
                // User code may ignore interrupts.
            }
        }
    }

    private static int statusOf(HandshakeHandler handler) throws InterruptedException {
        FakeHandshake handshake = new FakeHandshake("/ws");
        handler.handleConnection(handshake);
        return handshake.refusedWith();
    }

    @Test
    void aLackOfThreadsLeaksNoPlace() throws InterruptedException {
        HandshakeHandler route = handler(
                "/ws",
                limits -> limits.pendingHandshakes(2).authenticationTimeout(Duration.ofMillis(50)),
                handshake -> {
                    handshake.refuse(TEAPOT);
                });
        // Starts the thread that looks for deadlines.
        assertEquals(418, statusOf(handler("/first", limits -> {}, handshake -> handshake.refuse(TEAPOT))));
        shortage.begin();
        for (int i = 0; i < 5; i++) {
            // The handshake is refused at its deadline, or a virtual thread serves it.
            int status = statusOf(route);
            assertTrue(status == 503 || status == 418, () -> "status " + status);
        }
        shortage.end();
        assertEquals(418, statusOf(route));
    }

    @Test
    void withoutAThreadForItsDeadlineNoCallBegins() throws InterruptedException {
        HandshakeHandler route = handler("/ws", limits -> limits.pendingHandshakes(2), this::hang);
        shortage.begin();
        for (int i = 0; i < 5; i++) {
            assertEquals(503, statusOf(route));
        }
        assertEquals(0, begun.availablePermits());
        shortage.end();
        route.handleConnection(new FakeHandshake("/ws"));
        assertTrue(begun.tryAcquire(10, TimeUnit.SECONDS));
    }

    @Test
    void aManagerIsCalledOnTheCallersThread() throws InterruptedException {
        try (Manager manager = TankWs.newInstance()) {
            HandshakeHandler route = handler("/ws", limits -> {}, manager);
            shortage.begin();
            FakeHandshake handshake = new FakeHandshake("/ws");
            route.handleConnection(handshake);
            assertTrue(handshake.isDecided());
        }
    }

    @Test
    void anyOtherHandlerIsCalledOnAnotherThread() throws Exception {
        CompletableFuture<Thread> called = new CompletableFuture<>();
        HandshakeHandler route = handler("/ws", limits -> {}, handshake -> called.complete(Thread.currentThread()));
        route.handleConnection(new FakeHandshake("/ws"));
        assertTrue(called.get(10, TimeUnit.SECONDS) != Thread.currentThread());
    }

    @Test
    void aHandlerThatHangsIsReplacedAndDelaysNoOtherPath() throws InterruptedException {
        Consumer<ServerLimits.Builder> limits = builder ->
                builder.callbackThreads(1).maxAbandonedCalls(2).authenticationTimeout(Duration.ofMillis(200));
        HandshakeHandler hanging = handler("/hanging", limits, this::hang);
        HandshakeHandler other = handler("/other", limits, handshake -> handshake.refuse(TEAPOT));
        for (int i = 0; i < 2; i++) {
            FakeHandshake handshake = new FakeHandshake("/hanging");
            hanging.handleConnection(handshake);
            assertTrue(begun.tryAcquire(10, TimeUnit.SECONDS));
            assertEquals(418, statusOf(other));
            assertEquals(503, handshake.refusedWith());
        }
        awaitRefusedWithoutACall(hanging);
        assertEquals(418, statusOf(other));
    }

    /** Above the bound on abandoned calls no call begins. */
    private void awaitRefusedWithoutACall(HandshakeHandler handler) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        FakeHandshake handshake;
        do {
            assertTrue(System.nanoTime() < deadline, "calls still begin");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            handshake = new FakeHandshake("/hanging");
            handler.handleConnection(handshake);
        } while (!handshake.isDecided());
        assertEquals(
                "too many handlers of this path do not end", handshake.refusal().reason());
    }
}
