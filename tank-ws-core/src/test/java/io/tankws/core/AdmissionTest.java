package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.Handshake;
import io.tankws.HandshakeRequest;
import io.tankws.Limits;
import io.tankws.Manager;
import io.tankws.Refusal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static Manager manager(Limits limits, Authenticator authenticator) {
        return TankWs.builder()
                .limits(limits)
                .authenticator(authenticator)
                .build()
                .start();
    }

    @Test
    void refusesMoreHandshakesThanMayBePending() throws Exception {
        CompletableFuture<Authentication> later = new CompletableFuture<>();
        Limits limits = Limits.builder().pendingHandshakes(2).build();
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
        Limits limits =
                Limits.builder().authenticationTimeout(Duration.ofMillis(50)).build();
        Authenticator hanging = Authenticator.of(request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Authentication.accepted();
        });
        try (Manager manager = manager(limits, hanging)) {
            FakeHandshake handshake = new FakeHandshake("/ws");
            manager.handleConnection(handshake);
            assertEquals(503, handshake.refusedWith());
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            assertEquals(1, manager.statistics().errors().get(ErrorCode.AUTHENTICATION_FAILED));
        }
    }

    @Test
    void anAuthenticatorThatDecidesNothingIsAFailure() throws Exception {
        try (Manager manager = manager(Limits.defaults(), request -> CompletableFuture.completedFuture(null))) {
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
