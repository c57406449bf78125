package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Authentication;
import io.tankws.ConnectionEvent;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every callback with every fault: the fault is reported and affects no other client. */
abstract class CallbackFaultContract extends ContractTestBase {
    /** The time for a decision where user code hangs; a busy machine answers all other clients within it. */
    private static final Duration DECISION = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHUTDOWN = Duration.ofMillis(300);

    CallbackFaultContract(ContractFixture fixture) {
        super(fixture);
    }

    /** One after the other, because they share what is closed behind each. */
    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> noFaultOfUserCodeReachesOthers() {
        return Arrays.stream(CallbackSite.values())
                .flatMap(place -> Arrays.stream(CallbackFault.values())
                        .map(fault -> DynamicTest.dynamicTest(place.title() + " " + fault.behaviour(), () -> {
                            try {
                                new Case(place, fault).run();
                            } finally {
                                closeAll();
                            }
                        })));
    }

    @Test
    @SuppressWarnings("NullAway") // breaks the rule on purpose
    void anAuthenticatorThatAnswersNothingRefusesWith500() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        manager.setAuthenticator(request -> null);
        assertEquals(500, TestClient.to(server, "/ws").awaitReply().status());
        manager.setAuthenticator(request -> CompletableFuture.<Authentication>completedFuture(null));
        assertEquals(500, TestClient.to(server, "/ws").awaitReply().status());
        assertEquals(2, manager.statistics().errors().get(ErrorCode.AUTHENTICATION_FAILED));
        assertEquals(2, manager.statistics().handshakesRefused());
    }

    /** One callback with one fault, on a server with other active clients. */
    private final class Case {
        private final CallbackSite place;
        private final CallbackFault fault;
        private final InjectedFault trap;
        private final Manager manager;
        private final WebSocketServer server;
        private final RecordingSubscriber<ErrorEvent> errors;
        private final RecordingSubscriber<ConnectionEvent> events;
        private final TestClient witness;
        private int pairs;

        Case(CallbackSite place, CallbackFault fault) {
            this.place = place;
            this.fault = fault;
            trap = new InjectedFault(fault);
            closing(trap::release);
            manager = start(settings -> {
                settings.limits(managerLimits(limits -> limits.authenticationTimeout(fault.hangs() ? DECISION : LONG)))
                        .messageHandler((client, message) -> client.send(message));
                place.set(settings, trap);
            });
            errors = RecordingSubscriber.of(manager.errors());
            events = RecordingSubscriber.of(manager.connectionEvents());
            server = serve(manager);
            server.handle("/victim", handshake -> {
                trap.spring();
                manager.handleConnection(handshake);
            });
            witness = subscriber(manager, server, "witness", "t");
            place.set(manager, trap);
        }

        void run() {
            if (place.provocation() != CallbackSite.Provocation.SHUTDOWN) {
                provoke();
                trap.awaitSprung();
                assertReported();
                // A fault that hangs still lasts.
                othersAreServed();
            }
            endWhileItLasts();
            if (place.provocation() == CallbackSite.Provocation.SHUTDOWN) {
                trap.awaitSprung();
                assertReported();
            }
            trap.release();
            server.close();
            trap.awaitThreadsGone();
        }

        private void provoke() {
            switch (place.provocation()) {
                case MESSAGE -> connect(manager, server, "victim").sendText("go");
                case HANDSHAKE -> assertStatus("/ws?user_id=victim", fault.hangs() ? 503 : 500);
                case ROUTE -> {
                    if (fault.hangs()) {
                        later(() -> TestClient.to(server, "/victim").awaitReply());
                    } else {
                        assertStatus("/victim", 500);
                    }
                }
                case CONNECT -> connect(manager, server, "victim");
                case ERROR -> connect(manager, server, "victim").sendText("sub:");
                case NONE, SHUTDOWN -> {}
            }
        }

        /** Runs the handshake on its own thread, because the reply is late if the user code hangs. */
        private void assertStatus(String target, int expected) {
            CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                    () -> TestClient.to(server, target).awaitReply().status(), task -> new Thread(task).start());
            othersAreServed();
            assertEquals(
                    expected,
                    status.orTimeout(Await.timeout().toSeconds(), TimeUnit.SECONDS)
                            .join());
        }

        private void othersAreServed() {
            String suffix = "-" + ++pairs;
            TestClient ann = subscriber(manager, server, "ann" + suffix, "t");
            TestClient bob = subscriber(manager, server, "bob" + suffix, "t");
            manager.broadcastTopicMessage("t", suffix);
            for (TestClient each : new TestClient[] {ann, bob, witness}) {
                each.awaitText("{\"topic\":\"t\",\"data\":\"" + suffix + "\"}");
            }
            bob.sendText("echo");
            bob.awaitText("echo");
            ann.disconnect();
            bob.disconnect();
            events.await(
                    "the events of other clients",
                    event -> event instanceof ConnectionEvent.Disconnected
                            && event.userId().equals("ann" + suffix));
        }

        private void assertReported() {
            if (fault.hangs() || place.reportedAs().isEmpty()) {
                return;
            }
            ErrorCode code = place.reportedAs().orElseThrow();
            Await.until(
                    "the count of the fault",
                    () -> manager.statistics().errors().getOrDefault(code, 0L) > 0);
            if (place.provocation() != CallbackSite.Provocation.SHUTDOWN) {
                Class<?> thrown = fault.thrown().getClass();
                errors.await(
                        "the error of the fault",
                        event -> event.code() == code
                                && event.cause()
                                        .filter(cause -> cause.getClass() == thrown)
                                        .isPresent());
            }
        }

        private void endWhileItLasts() {
            CompletableFuture<Void> shutdown = later(() -> manager.shutdown(SHUTDOWN));
            assertEquals(1001, witness.awaitClose().code());
            Await.until("the end of the shutdown", shutdown::isDone);
            shutdown.join();
            assertEquals(0, manager.getClientCount());
        }

        private CompletableFuture<Void> later(Runnable task) {
            return CompletableFuture.runAsync(task, each -> new Thread(each).start());
        }
    }
}
