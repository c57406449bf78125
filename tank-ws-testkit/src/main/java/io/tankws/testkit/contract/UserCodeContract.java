package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** User code that keeps more threads than there are processors delays no other client. */
abstract class UserCodeContract extends ContractTestBase {
    /** More than the carriers of virtual threads. */
    private static final int VICTIMS = Runtime.getRuntime().availableProcessors() * 2 + 2;

    UserCodeContract(ContractFixture fixture) {
        super(fixture);
    }

    /** One after the other, because they share what is closed after each. */
    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> userCodeThatKeepsItsThreadsDelaysNoOtherClient() {
        return Arrays.stream(UserCodeSite.values())
                .flatMap(place -> Arrays.stream(KeptThread.Kind.values())
                        .map(kind -> DynamicTest.dynamicTest(place + " that " + kind, () -> {
                            try {
                                new Case(place, kind).run();
                            } finally {
                                closeAll();
                            }
                        })));
    }

    private final class Case {
        private final UserCodeSite place;
        private final KeptThread code;
        private final Manager manager;
        private final WebSocketServer server;

        Case(UserCodeSite place, KeptThread.Kind kind) {
            this.place = place;
            code = new KeptThread(kind);
            manager = start(settings -> {
                settings.limits(managerLimits(limits -> limits.authenticationTimeout(Duration.ofMinutes(10))));
                place.set(settings, code);
            });
            server = serve(manager);
            // Closed first, so that nothing waits for the threads that are kept.
            closing(code);
        }

        void run() {
            TestClient witness = subscriber(manager, server, "witness", "t");
            Manager other = start(settings -> settings.messageHandler((client, message) -> client.send(message)));
            server.handle("/other", other::handleConnection);
            server.handle("/direct", other);
            place.set(manager, server, code, VICTIMS);
            strike();
            code.awaitKept(VICTIMS);
            for (int i = 0; i < 3; i++) {
                assertServed(subscriber(manager, server, "ann" + i, "t"), witness, i);
                for (String path : List.of("/other", "/direct")) {
                    TestClient elsewhere = closing(TestClient.connect(server, path));
                    elsewhere.sendText("echo");
                    elsewhere.awaitText("echo");
                }
            }
            assertEquals(404, TestClient.to(server, "/nowhere").awaitReply().status());
        }

        private void strike() {
            if (place.isOfClients()) {
                IntStream.range(0, VICTIMS)
                        .mapToObj(i -> connect(server, UserCodeSite.victim(i)))
                        .forEach(client -> client.sendText("go"));
            } else {
                for (int i = 0; i < VICTIMS; i++) {
                    String target = place.path() + "?user_id=" + UserCodeSite.victim(i);
                    CompletableFuture.runAsync(
                            () -> TestClient.to(server, target).awaitReply(), task -> new Thread(task).start());
                }
            }
        }

        private void assertServed(TestClient ann, TestClient witness, int number) {
            ann.sendText("echo");
            ann.awaitText("echo");
            manager.broadcastTopicMessage("t", "m" + number);
            for (TestClient each : new TestClient[] {ann, witness}) {
                each.awaitText("{\"topic\":\"t\",\"data\":\"m" + number + "\"}");
            }
            ann.disconnect();
        }
    }
}
