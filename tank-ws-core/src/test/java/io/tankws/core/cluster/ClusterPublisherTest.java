package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.OutagePolicy;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.StageCallbackExecutor;
import io.tankws.core.event.Counters;
import io.tankws.core.event.EventDispatcher;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterPublisherTest {
    private static final int MOST = 3;

    private final Map<String, BackplaneChannel> channels = Collections.synchronizedMap(new HashMap<>());
    /** The number of the letter that the backplane throws at; none if it is not positive. */
    private int throwing;

    private final Queue<CompletableFuture<Void>> answers = new ArrayDeque<>();
    private final CallbackExecutor users = new CallbackExecutor("test", 8);
    private final EventDispatcher events = new EventDispatcher("test", Runnable::run, 16, new Counters());
    private final ClusterPublisher departures = new ClusterPublisher(
            ClusterConfig.builder("test", "test:x")
                    .pendingMessages(MOST)
                    .pendingBytes(1024)
                    .build(),
            backplane(arguments -> {
                if (--throwing == 0) {
                    throw new InternalError("of this test");
                }
            }),
            channels::get,
            events,
            new StageCallbackExecutor(users));

    /** Answers when it is told to. */
    private Backplane backplane(Consumer<Object[]> published) {
        return (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    published.accept(arguments);
                    CompletableFuture<Void> answer = new CompletableFuture<>();
                    answers.add(answer);
                    return answer;
                });
    }

    @BeforeEach
    void start() {
        departures.open();
        departures.up();
    }

    @AfterEach
    void stop() {
        users.shutdown(Duration.ZERO);
        users.interrupt();
    }

    private CompletionStage<Void> send(String channel) {
        return departures.send(channel, NodeMessage.messages(1, 0, List.of()), () -> {});
    }

    private static BackplaneException.Reason failure(CompletionStage<Void> stage) {
        ExecutionException thrown = assertThrows(
                ExecutionException.class, () -> stage.toCompletableFuture().get(10, TimeUnit.SECONDS));
        return ((BackplaneException) thrown.getCause()).reason();
    }

    @Test
    void moreThanTheBoundOverflows() throws Exception {
        CompletionStage<Void> first = send("a");
        send("a");
        send("a");
        assertEquals(BackplaneException.Reason.OVERFLOW, failure(send("a")));
        answers.remove().complete(null);
        first.toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertFalse(send("a").toCompletableFuture().isDone());
    }

    /** Whoever answers it goes on, and what is left undone is bounded. */
    @Test
    void whatDependsOnAStageMayBlock() {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < MOST; i++) {
            send("a").thenRun(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        answers.forEach(answer -> answer.complete(null));
        assertEquals(0, departures.pending());
        assertEquals(BackplaneException.Reason.OVERFLOW, failure(send("a")));
        end.countDown();
        users.shutdown(Duration.ofSeconds(10));
        answers.clear();
        send("a");
        assertEquals(1, answers.size());
    }

    /** As many as come meanwhile would else be kept until the first is over. */
    @Test
    void whatIsOverIsForgottenThoughSomethingEarlierWaits() throws Exception {
        BackplaneChannel unheard = new BackplaneChannel("unheard");
        channels.put(unheard.name, unheard);
        CompletionStage<Void> held = send(unheard.name);
        byte[] letter = NodeMessage.messages(1, 0, List.of());
        ReferenceQueue<byte[]> forgotten = new ReferenceQueue<>();
        WeakReference<byte[]> reference = new WeakReference<>(letter, forgotten);
        departures.send("a", letter, () -> {});
        letter = null;
        answers.remove().complete(null);
        System.gc();
        assertSame(reference, forgotten.remove(10_000));
        assertEquals(1, departures.pending());
        departures.release(unheard).run();
        answers.remove().complete(null);
        held.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatIsNotHeardInTimeFailsAndIsForgotten() {
        BackplaneChannel unheard = new BackplaneChannel("unheard");
        channels.put(unheard.name, unheard);
        CompletionStage<Void> held = send(unheard.name);
        departures.check(RunningTime.nanoTime() + Duration.ofSeconds(2).toNanos());
        assertEquals(BackplaneException.Reason.UNREACHABLE, failure(held));
        assertTrue(unheard.awaitingSubscription.isEmpty());
        departures.release(unheard).run();
        assertTrue(answers.isEmpty());
        assertEquals(0, departures.pending());
    }

    /** What was let through when the backplane was up, and had to wait for a subscription, is older than what had no room. */
    @Test
    void whatWaitsKeepsItsOrderOverOutages() {
        List<String> sent = new ArrayList<>();
        ClusterPublisher buffering = new ClusterPublisher(
                ClusterConfig.builder("test", "test:x")
                        .pendingMessages(2)
                        .pendingBytes(1024)
                        .outagePolicy(OutagePolicy.buffer(10, 1024, Duration.ofMinutes(1)))
                        .build(),
                backplane(arguments -> sent.add(new String((byte[]) arguments[1], StandardCharsets.UTF_8)
                        .substring(26)
                        .strip())),
                channels::get,
                events,
                new StageCallbackExecutor(users));
        BackplaneChannel channel = new BackplaneChannel("x");
        channels.put(channel.name, channel);
        buffering.open();
        for (String text : List.of("1", "2", "3", "4")) {
            byte[] letter = (" ".repeat(26) + text).getBytes(StandardCharsets.UTF_8);
            buffering.send(channel.name, letter, () -> {});
        }
        buffering.up();
        assertEquals(0, channel.awaitingSubscription.size());
        buffering.check(RunningTime.nanoTime() + ClusterPublisher.RECONNECT_GRACE.toNanos());
        assertEquals(2, channel.awaitingSubscription.size());
        buffering.down(channels.values());
        assertEquals(0, channel.awaitingSubscription.size());
        buffering.up();
        buffering.release(channel).run();
        for (int i = 0; i < 2; i++) {
            buffering.check(RunningTime.nanoTime() + ClusterPublisher.RECONNECT_GRACE.toNanos());
            answers.forEach(answer -> answer.complete(null));
        }
        assertEquals(List.of("1", "2", "3", "4"), sent);
    }

    /** Else nobody would be asked what was missed when that connection breaks before the backplane is up. */
    @Test
    void whatIsHeardWhileItIsDownMayBeInterrupted() {
        BackplaneChannel early = new BackplaneChannel("early");
        BackplaneChannel late = new BackplaneChannel("late");
        departures.release(early).run();
        departures.down(List.of());
        departures.release(late).run();
        assertFalse(early.wasInterrupted());
        assertTrue(late.wasInterrupted());
    }

    @Test
    void aLetterThatTheBackplaneThrowsAtFailsAlone() throws Exception {
        BackplaneChannel unheard = new BackplaneChannel("unheard");
        channels.put(unheard.name, unheard);
        List<CompletionStage<Void>> held = List.of(send(unheard.name), send(unheard.name), send(unheard.name));
        throwing = 2;
        departures.release(unheard).run();
        assertEquals(2, answers.size());
        assertEquals(BackplaneException.Reason.UNCERTAIN, failure(held.get(1)));
        answers.forEach(answer -> answer.complete(null));
        held.get(0).toCompletableFuture().get(10, TimeUnit.SECONDS);
        held.get(2).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(0, departures.pending());
        departures.release(unheard).run();
        assertEquals(2, answers.size());
    }
}
