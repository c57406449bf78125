package io.tankws.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryBackplaneTest {
    private static final String URI = "in-memory:test";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final InMemoryHub hub = InMemoryHub.open(URI, "c");
    private final Deque<Backplane> open = new ArrayDeque<>();
    private final RecordingBackplaneListener one = new RecordingBackplaneListener();
    private final RecordingBackplaneListener two = new RecordingBackplaneListener();

    @AfterEach
    void everythingEnds() {
        open.forEach(backplane -> backplane.close(LONG));
        hub.close();
        assertEquals(0, InMemoryHub.count());
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().endsWith("-backplane")));
    }

    private Backplane start(String cluster, String node, RecordingBackplaneListener listener) {
        Backplane backplane =
                new InMemoryBackplaneProvider().create(new BackplaneConfig(cluster, URI, node, "name-" + node));
        open.push(backplane);
        backplane.start(listener);
        return backplane;
    }

    private Backplane start(String node, RecordingBackplaneListener listener, String... channels) {
        Backplane backplane = start("c", node, listener);
        Set.of(channels).forEach(channel -> listener.subscribe(backplane, channel));
        listener.await("up");
        return backplane;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T done(CompletionStage<T> stage) {
        var future = stage.toCompletableFuture();
        Await.until("the answer", future::isDone);
        return future.join();
    }

    private static Reason failure(CompletionStage<?> stage) {
        return assertInstanceOf(
                        BackplaneException.class,
                        assertThrows(CompletionException.class, () -> done(stage))
                                .getCause())
                .reason();
    }

    @Test
    void isFoundByItsScheme() {
        // On the module path the test is part of a module that declares no use of the service.
        getClass().getModule().addUses(BackplaneProvider.class);
        assertTrue(ServiceLoader.load(BackplaneProvider.class).stream()
                .anyMatch(provider -> provider.get().schemes().contains("in-memory")));
    }

    @Test
    void allSubscribedNodesHearThePublisherIncluded() {
        Backplane a = start("a", one, "x");
        start("b", two, "x");
        start("d", "c", new RecordingBackplaneListener());
        done(a.publish("x", bytes("1")));
        done(a.publish("y", bytes("2")));
        done(a.publish("x", bytes("3")));
        one.await("x: 3");
        two.await("x: 3");
        assertEquals(List.of("x: 1", "x: 3"), one.messages());
        assertEquals(List.of("x: 1", "x: 3"), two.messages());
        one.await("read");
        assertEquals(List.of("name-a-backplane"), one.threads());
    }

    @Test
    void otherClustersHearNothing() {
        Backplane a = start("a", one, "x");
        Backplane other = start("d", "b", two);
        two.subscribe(other, "x");
        done(a.publish("x", bytes("1")));
        done(other.publish("x", bytes("2")));
        two.await("x: 2");
        assertEquals(List.of("x: 2"), two.messages());
        assertEquals(List.of("x: 1"), one.messages());
    }

    @Test
    void allHearOneOrderOfSeveralPublishers() throws InterruptedException {
        Backplane a = start("a", one, "x");
        Backplane b = start("b", two, "x");
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() ->
                        IntStream.range(0, 500).forEach(j -> (i % 2 == 0 ? a : b).publish("x", bytes(i + "-" + j)))))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        done(a.publish("x", bytes("end")));
        one.await("x: end");
        two.await("x: end");
        assertEquals(2001, one.messages().size());
        assertEquals(one.messages(), two.messages());
    }

    @Test
    void aDisconnectedNodeIsNotifiedMissesMessagesAndCannotPublish() {
        Backplane a = start("a", one, "x");
        Backplane b = start("b", two, "x");
        assertEquals(List.of("a", "b"), hub.nodes());
        hub.disconnect("b");
        hub.disconnect("b");
        two.await("down");
        assertEquals(Set.of(), hub.channels("b"));
        assertEquals(Reason.UNREACHABLE, failure(b.publish("x", bytes("0"))));
        assertEquals(Reason.UNREACHABLE, failure(b.sumAcrossOtherNodes("")));
        done(a.publish("x", bytes("1")));
        two.subscribe(b, "y");
        hub.reconnect("b");
        two.await("subscribed y");
        done(a.publish("x", bytes("2")));
        two.await("x: 2");
        assertEquals(Set.of("x", "y"), hub.channels("b"));
        two.await("read");
        assertEquals(
                List.of("subscribed x", "up", "down", "subscribed x", "subscribed y", "up", "x: 2", "read"),
                sorted(two.calls()));
        assertEquals(List.of("x: 1", "x: 2"), one.messages());
    }

    /** A channel that is requested before the start may be subscribed before or after the node is connected. */
    private static List<String> sorted(List<String> calls) {
        return calls.get(0).equals("up")
                ? IntStream.range(0, calls.size())
                        .mapToObj(i -> calls.get(i < 2 ? 1 - i : i))
                        .toList()
                : calls;
    }

    @Test
    void aNodeThatStartsDuringAnOutageIsDownFirst() {
        hub.disconnect();
        Backplane a = start("c", "a", one);
        one.await("down");
        one.subscribe(a, "x");
        hub.reconnect();
        one.await("up");
        assertEquals(List.of("down", "subscribed x", "up"), one.calls());
    }

    @Test
    void theHubLosesTheRequestedNumberOfMessages() {
        Backplane a = start("a", one, "x", "y");
        start("b", two, "x", "y");
        hub.lose("b", "x", 2);
        for (String text : List.of("1", "2", "3")) {
            done(a.publish("x", bytes(text)));
            done(a.publish("y", bytes(text)));
        }
        two.await("y: 3");
        assertEquals(List.of("y: 1", "y: 2", "x: 3", "y: 3"), two.messages());
        one.await("y: 3");
        assertEquals(6, one.messages().size());
    }

    @Test
    void countsAreSummedUntilTheyExpire() {
        Backplane a = start("a", one);
        Backplane b = start("b", two);
        Backplane c = start("c", "d", new RecordingBackplaneListener());
        done(a.publishCounts(Map.of("", 1L, "x", 5L), LONG));
        done(a.publishCounts(Map.of("", 2L), LONG));
        done(b.publishCounts(Map.of("", 3L), LONG));
        done(c.publishCounts(Map.of("", 70L), Duration.ofNanos(1)));
        assertEquals(3, done(a.sumAcrossOtherNodes("")));
        assertEquals(2, done(b.sumAcrossOtherNodes("")));
        assertEquals(Set.of("a"), done(b.otherNodes()));
        assertEquals(5, done(c.sumAcrossOtherNodes("")));
        assertEquals(0, done(c.sumAcrossOtherNodes("x")));
        a.close(LONG);
        assertEquals(3, done(c.sumAcrossOtherNodes("")));
        hub.removeCounts();
        assertEquals(0, done(c.sumAcrossOtherNodes("")));
    }

    @Test
    void theCountsOfADisconnectedNodeStay() {
        Backplane a = start("a", one);
        Backplane b = start("b", two);
        done(a.publishCounts(Map.of("", 1L), LONG));
        hub.disconnect("a");
        a.close(LONG);
        assertEquals(1, done(b.sumAcrossOtherNodes("")));
        assertEquals(List.of("b"), hub.nodes());
    }

    @Test
    void refusesForAllWhenOneIsFull() {
        CountDownLatch release = new CountDownLatch(1);
        Backplane a = start("a", one, "x");
        start("b", two, "x");
        two.waitAt(release);
        int taken = 0;
        CompletionStage<Void> last = a.publish("x", bytes("m"));
        while (isTaken(last) && taken < 100_000) {
            taken++;
            last = a.publish("x", bytes("m"));
        }
        release.countDown();
        assertEquals(Reason.REFUSED, failure(last));
        int expected = taken;
        Await.until("all that was taken", () -> two.messages().size() == expected);
        assertEquals(expected, one.messages().size());
    }

    /** Blocks without polling: it is called for each of many thousand messages. */
    private static boolean isTaken(CompletionStage<Void> stage) {
        return stage.handle((nothing, failure) -> failure == null)
                .toCompletableFuture()
                .join();
    }

    @Test
    void aListenerThatThrowsIsCalledOn() {
        Backplane a = start("a", one, "x");
        done(a.publish("x", bytes("throw")));
        done(a.publish("x", bytes("1")));
        one.await("x: 1");
    }

    @Test
    void noCallFollowsTheClose() {
        Backplane a = start("a", one, "x");
        Backplane b = start("b", two, "x");
        b.close(LONG);
        int calls = two.calls().size();
        done(a.publish("x", bytes("1")));
        assertEquals(calls, two.calls().size());
        assertEquals(Reason.UNREACHABLE, failure(b.publish("x", bytes("2"))));
        b.close(LONG);
    }
}
