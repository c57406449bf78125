package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tankws.CloseStatus;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every callback may shut its own manager and server down: it does not wait, and nothing waits for it. */
abstract class CallbackShutdownContract extends ContractTestBase {
    /** Longer than any test waits, so that a shutdown which waits for its callback does not pass. */
    private static final Duration LONG = Await.timeout().multipliedBy(3);

    CallbackShutdownContract(ContractFixture fixture) {
        super(fixture);
    }

    /** Calls that a callback makes. */
    private enum Call {
        MANAGER("shuts its manager down") {
            @Override
            void run(Manager manager, WebSocketServer server) {
                manager.shutdown(LONG);
            }

            @Override
            boolean hasBegun(Manager manager, WebSocketServer server) {
                return !manager.isRunning();
            }
        },
        SERVER("stops its server") {
            @Override
            void run(Manager manager, WebSocketServer server) {
                server.stop(LONG);
            }

            @Override
            boolean hasBegun(Manager manager, WebSocketServer server) {
                return !server.isRunning();
            }
        };

        private final String does;

        Call(String does) {
            this.does = does;
        }

        abstract void run(Manager manager, WebSocketServer server);

        abstract boolean hasBegun(Manager manager, WebSocketServer server);
    }

    /** One after the other, because they share what is closed behind each. */
    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> noCallbackWaitsForAShutdownThatWaitsForIt() {
        return Arrays.stream(CallbackSite.values())
                .flatMap(place -> Arrays.stream(Call.values())
                        .flatMap(call -> Stream.of(true, false)
                                .filter(second -> second || isCalledWhileRunning(place))
                                .map(second -> DynamicTest.dynamicTest(
                                        place.title() + " " + call.does + (second ? " as the second" : " as the first"),
                                        () -> {
                                            try {
                                                new Case(place, call, second).run();
                                            } finally {
                                                closeAll();
                                            }
                                        }))));
    }

    private static boolean isCalledWhileRunning(CallbackSite place) {
        return place.provocation() != CallbackSite.Provocation.SHUTDOWN;
    }

    /** A callback that goes on long after it has called; a shutdown that waited for it would never end. */
    private final class Case {
        private final CallbackSite place;
        private final Call call;
        private final boolean second;
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch returned = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final Manager manager;
        private WebSocketServer server;

        Case(CallbackSite place, Call call, boolean second) {
            this.place = place;
            this.call = call;
            this.second = second;
            closing(release::countDown);
            closing(go::countDown);
            InjectedFault trap = new InjectedFault(this::callback);
            manager = start(settings -> {
                settings.messageHandler((client, message) -> client.send(message));
                place.set(settings, trap);
            });
            server = serve(manager);
            server.handle("/victim", handshake -> {
                trap.spring();
                manager.handleConnection(handshake);
            });
            manager.setServer(server);
            place.set(manager, trap);
        }

        private void callback() {
            boolean first = inside.getCount() > 0;
            inside.countDown();
            KeptThread.await(go);
            call.run(manager, server);
            returned.countDown();
            if (first) {
                KeptThread.await(release);
            }
        }

        void run() {
            if (isCalledWhileRunning(place)) {
                provoke();
                Await.until("the callback", () -> inside.getCount() == 0);
            }
            CompletableFuture<Void> other = new CompletableFuture<>();
            if (second) {
                other = later(() -> call.run(manager, server));
                Await.until("the shutdown", () -> call.hasBegun(manager, server));
            }
            go.countDown();
            if (isCalledWhileRunning(place)) {
                Await.until("the return of the callback's call", () -> returned.getCount() == 0);
            }
            if (!second) {
                other = later(() -> call.run(manager, server));
            }
            Await.until("the end of the shutdown", other::isDone);
            other.join();
            assertFalse(server.isRunning() && call == Call.SERVER);
            CompletableFuture<Void> all = later(() -> manager.shutdown(LONG));
            Await.until("the end of the manager", all::isDone);
            all.join();
            assertFalse(server.isRunning());
            assertEquals(0, manager.getClientCount());
            Await.until("the callback", () -> inside.getCount() == 0);
            release.countDown();
        }

        private void provoke() {
            switch (place.provocation()) {
                case MESSAGE -> connect(manager, server, "victim").sendText("go");
                case HANDSHAKE -> startHandshake("/ws?user_id=victim");
                case ROUTE -> startHandshake("/victim");
                case CONNECT -> connect(manager, server, "victim");
                case ERROR -> connect(manager, server, "victim").sendText("sub:");
                case NONE, SHUTDOWN -> {}
            }
        }

        /** On its own thread, since the answer comes late or never. */
        private void startHandshake(String target) {
            later(() -> TestClient.to(server, target).awaitReply());
        }
    }

    @Test
    void managersMayShutEachOtherDownFromTheirHandlers() {
        List<Manager> managers = new ArrayList<>();
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch returned = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        closing(release::countDown);
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            managers.add(start(settings -> settings.messageHandler((client, message) -> {
                both.countDown();
                KeptThread.await(both);
                managers.get(other).shutdown(LONG);
                returned.countDown();
                KeptThread.await(release);
            })));
        }
        for (Manager manager : managers) {
            WebSocketServer server = serve(manager);
            manager.setServer(server);
            connect(manager, server, "ann").sendText("down");
        }
        Await.until("the return of both calls", () -> returned.getCount() == 0);
        for (Manager manager : managers) {
            CompletableFuture<Void> end = later(() -> manager.shutdown(LONG));
            Await.until("the end of a manager", end::isDone);
            end.join();
        }
    }

    @Test
    void aHandlerMayShutDownWhileItsPeerCloses() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        closing(release::countDown);
        Manager[] own = new Manager[1];
        own[0] = start(settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(LONG)))
                .messageHandler((client, message) -> {
                    inside.countDown();
                    KeptThread.await(go);
                    own[0].shutdown(LONG);
                    KeptThread.await(release);
                }));
        TestClient ann = connect(own[0], serve(own[0]), "ann");
        ann.sendText("down");
        Await.until("the handler", () -> inside.getCount() == 0);
        ann.sendClose(CloseStatus.NORMAL);
        go.countDown();
        CompletableFuture<Void> end = later(() -> own[0].shutdown(LONG));
        Await.until("the end of the manager", end::isDone);
        end.join();
        ann.awaitClose();
    }

    private static CompletableFuture<Void> later(Runnable task) {
        return CompletableFuture.runAsync(task, each -> new Thread(each).start());
    }
}
