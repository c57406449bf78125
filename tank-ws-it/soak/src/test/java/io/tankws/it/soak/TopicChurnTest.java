package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that subscribe to a topic, unsubscribe and vanish, while another node publishes many messages to it. */
class TopicChurnTest {
    private static final String TOPIC = "t";
    private static final int CLIENTS = 8;
    private static final int ROUNDS = Integer.getInteger("tankws.rounds", 150);
    private static final int MIN_MESSAGES = 130;
    private static final int MAX_MESSAGES = 400;

    static Stream<String> transports() {
        return Stream.of("jetty", "java-websocket", "in-memory");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void commandsAndResetsDuringPublicationsDeadlockNoNode(String transport) {
        churn(transport, settings -> {}, client -> {
            client.sendText("sub:" + TOPIC);
            client.sendText("unsub:" + TOPIC);
            client.sendText("sub:" + TOPIC);
        });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aHandlerThatSubscribesAndUnsubscribesDeadlocksNoNode(String transport) {
        churn(
                transport,
                settings -> settings.messageHandler((client, message) -> {
                    client.subscribe(TOPIC);
                    client.unsubscribe(TOPIC);
                    client.subscribe(TOPIC);
                }),
                client -> {
                    client.sendText("go");
                    client.sendText("go");
                });
    }

    private static void churn(String transport, Consumer<Manager.Builder> settings, Consumer<TestClient> commands) {
        try (Pair pair = new Pair(transport, settings)) {
            AtomicInteger rounds = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> publishing = inDaemon(() -> publish(pair.publisher, over));
            List<CompletableFuture<Void>> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> inDaemon(() -> comeAndGo(pair, "u" + i, rounds, over, commands)))
                    .toList();
            try {
                clients.forEach(CompletableFuture::join);
            } catch (RuntimeException e) {
                throw new AssertionError(rounds + " rounds were possible; deadlocked: " + deadlocked(), e);
            } finally {
                over.set(true);
            }
            publishing.join();
            assertEquals(List.of(), deadlocked());
            serves(pair);
            CompletableFuture<Void> shutdown = inDaemon(() -> pair.site.manager.shutdown(Duration.ofSeconds(5)));
            Await.until("the end of the shutdown", shutdown::isDone, TopicChurnTest::stacks);
            shutdown.join();
        }
    }

    private static void comeAndGo(
            Pair pair, String user, AtomicInteger rounds, AtomicBoolean over, Consumer<TestClient> commands) {
        while (!over.get() && rounds.getAndIncrement() < CLIENTS * ROUNDS) {
            try (TestClient client = TestClient.connect(pair.site.server, "/ws?user_id=" + user)) {
                commands.accept(client);
            }
        }
    }

    /** Publishes faster than the node delivers, so that its backplane hands over many messages at once. */
    private static void publish(Manager publisher, AtomicBoolean over) {
        for (int size = MIN_MESSAGES; !over.get(); size = size < MAX_MESSAGES ? size + 27 : MIN_MESSAGES) {
            CompletionStage<Void> last = null;
            for (int i = 0; i < size; i++) {
                last = publisher.broadcastTopicMessage(TOPIC, "x");
            }
            Pair.await(last);
        }
    }

    private static void serves(Pair pair) {
        try (TestClient client = TestClient.connect(pair.site.server, "/ws?user_id=late")) {
            Await.until(
                    "the late client",
                    () -> pair.site.manager.clients().stream()
                            .anyMatch(each -> each.userId().equals("late")));
            Pair.await(pair.publisher.broadcastMessage("alive"));
            client.awaitText("alive");
        }
        Await.until("the clients' ends", () -> pair.site.manager.getClientCount() == 0);
    }

    private static CompletableFuture<Void> inDaemon(Runnable task) {
        return CompletableFuture.runAsync(task, each -> {
            Thread thread = new Thread(each, "churn");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static List<String> deadlocked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] found = threads.findDeadlockedThreads();
        return found == null
                ? List.of()
                : Arrays.stream(threads.getThreadInfo(found, Integer.MAX_VALUE))
                        .map(ThreadInfo::toString)
                        .toList();
    }

    private static String stacks() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true))
                .map(ThreadInfo::toString)
                .toList()
                .toString();
    }
}
