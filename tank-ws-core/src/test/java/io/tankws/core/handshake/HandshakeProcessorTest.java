package io.tankws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.Handshake;
import io.tankws.HandshakeRequest;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.OriginRule;
import io.tankws.Refusal;
import io.tankws.Upgrader;
import io.tankws.core.TankWs;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.FakeHandshake;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.Shortage;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakeProcessorTest {
    private static Manager manager(ManagerLimits limits, Authenticator authenticator) {
        return TankWs.builder()
                .limits(limits)
                .authenticator(authenticator)
                .build()
                .start();
    }

    @Test
    void refusesMoreHandshakesThanMayBePending() throws Exception {
        CompletableFuture<Authentication> later = new CompletableFuture<>();
        ManagerLimits limits = ManagerLimits.builder().pendingHandshakes(2).build();
        try (Manager manager = manager(limits, request -> later)) {
            FakeHandshake first = new FakeHandshake("/ws");
            FakeHandshake second = new FakeHandshake("/ws");
            FakeHandshake third = new FakeHandshake("/ws");
            manager.handleConnection(first);
            manager.handleConnection(second);
            manager.handleConnection(third);
            assertEquals(503, third.refusedWith());
            later.complete(Authentication.accepted());
            first.listener().onOpen(new FakeConnection());
            second.listener().onOpen(new FakeConnection());
            FakeHandshake fourth = new FakeHandshake("/ws");
            manager.handleConnection(fourth);
            fourth.listener().onOpen(new FakeConnection());
            assertEquals(3, manager.getClientCount());
            manager.clients().forEach(client -> ((ClientSession) client).closed(CloseStatus.NORMAL));
        }
    }

    @Test
    void interruptsAnAuthenticatorThatTakesTooLong() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        ManagerLimits limits = ManagerLimits.builder()
                .authenticationTimeout(Duration.ofMillis(50))
                .build();
        Authenticator hanging = Authenticator.of(request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Authentication.accepted();
        });
        try (Manager manager = manager(limits, hanging)) {
            long handshakes = 0;
            // On a busy machine the deadline may pass before the authenticator runs, so that there is nothing to
            // interrupt.
            do {
                FakeHandshake handshake = new FakeHandshake("/ws");
                manager.handleConnection(handshake);
                assertEquals(503, handshake.refusedWith());
                handshakes++;
            } while (!interrupted.await(100, TimeUnit.MILLISECONDS) && handshakes < 100);
            assertEquals(0, interrupted.getCount());
            assertEquals(handshakes, manager.statistics().errors().get(ErrorCode.AUTHENTICATION_FAILED));
        }
    }

    /** Ignores interrupts. */
    private static void hang(Semaphore begun, CountDownLatch release) {
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

    @Test
    void handshakesWithoutUserCodeAreDecidedOnTheCallersThread() throws Exception {
        Shortage shortage = new Shortage().begin();
        try (Manager manager = ManagerContexts.manager(ManagerLimits.defaults(), null, null, shortage)) {
            List<OriginRule> rules = List.of(
                    OriginRule.sameOrigin(),
                    OriginRule.anyOrigin(),
                    OriginRule.of(List.of("https://a.example")),
                    OriginRule.sameOrigin().or(OriginRule.of(List.of("https://a.example"))));
            for (OriginRule rule : rules) {
                manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(rule));
                FakeHandshake handshake = new FakeHandshake("/ws");
                manager.handleConnection(handshake);
                assertTrue(handshake.isDecided());
                handshake.listener().onOpen(new FakeConnection());
            }
            assertEquals(rules.size(), manager.getClientCount());
            assertEquals(0, shortage.failures());
            manager.clients().forEach(client -> ((ClientSession) client).closed(CloseStatus.NORMAL));
        }
    }

    @Test
    void userCodeIsNeverCalledOnTheCallersThread() throws Exception {
        BlockingQueue<Thread> callers = new LinkedBlockingQueue<>();
        OriginRule own = request -> callers.add(Thread.currentThread());
        try (Manager manager = manager(ManagerLimits.defaults(), request -> {
            callers.add(Thread.currentThread());
            return CompletableFuture.completedFuture(Authentication.refused(Refusal.unauthorized()));
        })) {
            FakeHandshake asked = new FakeHandshake("/ws");
            manager.handleConnection(asked);
            assertEquals(401, asked.refusedWith());
            manager.disableAuth();
            for (OriginRule rule : List.of(own, own.or(OriginRule.sameOrigin()))) {
                manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(rule));
                FakeHandshake handshake = new FakeHandshake("/ws");
                manager.handleConnection(handshake);
                handshake.listener().onOpenFailed(new IOException("on purpose"));
            }
        }
        assertEquals(3, callers.size());
        assertFalse(callers.contains(Thread.currentThread()));
    }

    @Test
    void authenticatorsThatHangForGoodGiveTheirPlacesBack() throws Exception {
        Semaphore begun = new Semaphore(0);
        CountDownLatch release = new CountDownLatch(1);
        ManagerLimits limits = ManagerLimits.builder()
                .callbackThreads(2)
                .maxAbandonedCalls(4)
                .authenticationTimeout(Duration.ofMillis(200))
                .build();
        try (Manager manager = manager(limits, Authenticator.of(request -> {
            hang(begun, release);
            return Authentication.accepted();
        }))) {
            for (int round = 0; round < 2; round++) {
                List<FakeHandshake> hanging = List.of(new FakeHandshake("/ws"), new FakeHandshake("/ws"));
                hanging.forEach(manager::handleConnection);
                // On Java 17 there are two threads, and in the second round both hang already.
                assertTrue(begun.tryAcquire(2, 10, TimeUnit.SECONDS));
                for (FakeHandshake handshake : hanging) {
                    assertEquals(
                            "authentication took too long", handshake.refusal().reason());
                }
            }
            awaitReason(manager, "too many authentications do not end");
            assertTrue(manager.statistics().errors().get(ErrorCode.LIMIT_EXCEEDED) >= 1);
            manager.disableAuth();
            FakeHandshake plain = new FakeHandshake("/ws");
            manager.handleConnection(plain);
            plain.listener().onOpenFailed(new IOException("on purpose"));
            release.countDown();
            manager.enableAuth(request -> false);
            awaitReason(manager, Refusal.unauthorized().reason());
        } finally {
            release.countDown();
        }
    }

    /** Sends handshakes until one is refused with a reason. */
    private static void awaitReason(Manager manager, String reason) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String last;
        do {
            FakeHandshake handshake = new FakeHandshake("/ws");
            manager.handleConnection(handshake);
            last = handshake.refusal().reason();
            assertTrue(System.nanoTime() < deadline, "the last was refused because " + last);
        } while (!last.equals(reason));
    }

    @Test
    void aLackOfThreadsLeaksNoPlace() throws Exception {
        Shortage shortage = new Shortage().begin();
        ManagerLimits limits = ManagerLimits.builder()
                .pendingHandshakes(2)
                .maxConnections(2)
                .authenticationTimeout(Duration.ofMillis(50))
                .build();
        Authenticator refusing = Authenticator.of(request -> Authentication.refused(new Refusal(418, "on purpose")));
        try (Manager manager = ManagerContexts.manager(limits, null, refusing, shortage)) {
            for (int i = 0; i < 5; i++) {
                FakeHandshake handshake = new FakeHandshake("/ws");
                manager.handleConnection(handshake);
                // The handshake is refused at its deadline, or a virtual thread serves it.
                int status = handshake.refusedWith();
                assertTrue(status == 503 || status == 418, () -> "status " + status);
            }
            shortage.end();
            awaitReason(manager, "on purpose");
            assertTrue(shortage.failures() > 0);
        }
    }

    @Test
    void aTransportThatFailsToAnswerLeaksNoPlace() throws Exception {
        ManagerLimits limits = ManagerLimits.builder().maxConnections(1).build();
        try (Manager manager = manager(limits, Authenticator.of(request -> Authentication.accepted()))) {
            for (int i = 0; i < 3; i++) {
                FakeHandshake failing = new FakeHandshake("/ws") {
                    @Override
                    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                };
                manager.handleConnection(failing);
                assertEquals(500, failing.refusedWith());
            }
            assertEquals(3, manager.statistics().errors().get(ErrorCode.UPGRADE_FAILED));
        }
    }

    @Test
    void theShutdownDecidesPendingHandshakes() throws Exception {
        CompletableFuture<Authentication> never = new CompletableFuture<>();
        FakeHandshake pending = new FakeHandshake("/ws");
        try (Manager manager = manager(ManagerLimits.defaults(), request -> never)) {
            manager.handleConnection(pending);
            assertFalse(pending.isDecided());
            manager.shutdown(Duration.ZERO);
            assertTrue(pending.isDecided());
            assertEquals(503, pending.refusedWith());
        }
    }

    @Test
    void anAuthenticatorThatDecidesNothingIsAFailure() throws Exception {
        try (Manager manager = manager(ManagerLimits.defaults(), request -> CompletableFuture.completedFuture(null))) {
            FakeHandshake handshake = new FakeHandshake("/ws");
            manager.handleConnection(handshake);
            assertEquals(500, handshake.refusedWith());
        }
    }

    @Test
    void takesHandshakesOfTransportsAlone() {
        Handshake foreign = new Handshake() {
            @Override
            public HandshakeRequest request() {
                return new FakeHandshake("/").request();
            }

            @Override
            public void refuse(Refusal refusal) {
                throw new AssertionError("not to be decided");
            }
        };
        try (Manager manager = TankWs.newInstance()) {
            assertThrows(IllegalArgumentException.class, () -> manager.handleConnection(foreign));
        }
    }
}
