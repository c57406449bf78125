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
    /** Number of the message for which the backplane throws; not positive if it never throws. */
    private int throwing;

    private final Queue<CompletableFuture<Void>> answers = new ArrayDeque<>();
    private final CallbackExecutor users = new CallbackExecutor("test", 8);
    private final EventDispatcher events = new EventDispatcher("test", Runnable::run, 16, new Counters());
    private final ClusterPublisher publisher = new ClusterPublisher(
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

    /** A backplane that answers when the test completes the stage. */
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
        publisher.open();
        publisher.onConnected();
    }

    @AfterEach
    void stop() {
        users.shutdown(Duration.ZERO);
        users.interrupt();
    }

    private CompletionStage<Void> send(String channel) {
        return publisher.send(channel, NodeMessage.messages(1, 0, List.of()), () -> {});
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

    /** The thread that answers is not blocked, and the number of actions that have not run is bounded. */
    @Test
    void aDependentActionMayBlock() {
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
        assertEquals(0, publisher.pending());
        assertEquals(BackplaneException.Reason.OVERFLOW, failure(send("a")));
        end.countDown();
        users.shutdown(Duration.ofSeconds(10));
        answers.clear();
        send("a");
        assertEquals(1, answers.size());
    }

    /** A publish that never completes must not keep the later ones in memory. */
    @Test
    void aCompletedPublishIsForgottenAlthoughAnEarlierOneWaits() throws Exception {
        BackplaneChannel unsubscribed = new BackplaneChannel("unheard");
        channels.put(unsubscribed.name, unsubscribed);
        CompletionStage<Void> held = send(unsubscribed.name);
        byte[] nodeMessage = NodeMessage.messages(1, 0, List.of());
        ReferenceQueue<byte[]> forgotten = new ReferenceQueue<>();
        WeakReference<byte[]> reference = new WeakReference<>(nodeMessage, forgotten);
        publisher.send("a", nodeMessage, () -> {});
        nodeMessage = null;
        answers.remove().complete(null);
        System.gc();
        assertSame(reference, forgotten.remove(10_000));
        assertEquals(1, publisher.pending());
        publisher.release(unsubscribed).run();
        answers.remove().complete(null);
        held.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aPublishWithoutASubscriptionInTimeFailsAndIsForgotten() {
        BackplaneChannel unsubscribed = new BackplaneChannel("unheard");
        channels.put(unsubscribed.name, unsubscribed);
        CompletionStage<Void> held = send(unsubscribed.name);
        publisher.check(RunningTime.nanoTime() + Duration.ofSeconds(2).toNanos());
        assertEquals(BackplaneException.Reason.UNREACHABLE, failure(held));
        assertTrue(unsubscribed.awaitingSubscription.isEmpty());
        publisher.release(unsubscribed).run();
        assertTrue(answers.isEmpty());
        assertEquals(0, publisher.pending());
    }

    /** Publishes that wait for a subscription are older than those that found no room. */
    @Test
    void bufferedPublishesKeepTheirOrderOverOutages() {
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
            byte[] nodeMessage = (" ".repeat(26) + text).getBytes(StandardCharsets.UTF_8);
            buffering.send(channel.name, nodeMessage, () -> {});
        }
        buffering.onConnected();
        assertEquals(0, channel.awaitingSubscription.size());
        buffering.check(RunningTime.nanoTime() + ClusterPublisher.RECONNECT_GRACE.toNanos());
        assertEquals(2, channel.awaitingSubscription.size());
        buffering.onDisconnected(channels.values());
        assertEquals(0, channel.awaitingSubscription.size());
        buffering.onConnected();
        buffering.release(channel).run();
        for (int i = 0; i < 2; i++) {
            buffering.check(RunningTime.nanoTime() + ClusterPublisher.RECONNECT_GRACE.toNanos());
            answers.forEach(answer -> answer.complete(null));
        }
        assertEquals(List.of("1", "2", "3", "4"), sent);
    }

    /** With no interruption, the node would not request positions if that connection breaks before it is reported. */
    @Test
    void aChannelThatIsSubscribedDuringAnOutageMayBeInterrupted() {
        BackplaneChannel early = new BackplaneChannel("early");
        BackplaneChannel late = new BackplaneChannel("late");
        publisher.release(early).run();
        publisher.onDisconnected(List.of());
        publisher.release(late).run();
        assertFalse(early.wasInterrupted());
        assertTrue(late.wasInterrupted());
    }

    @Test
    void aPublishForWhichTheBackplaneThrowsFailsAlone() throws Exception {
        BackplaneChannel unsubscribed = new BackplaneChannel("unheard");
        channels.put(unsubscribed.name, unsubscribed);
        List<CompletionStage<Void>> held =
                List.of(send(unsubscribed.name), send(unsubscribed.name), send(unsubscribed.name));
        throwing = 2;
        publisher.release(unsubscribed).run();
        assertEquals(2, answers.size());
        assertEquals(BackplaneException.Reason.UNCERTAIN, failure(held.get(1)));
        answers.forEach(answer -> answer.complete(null));
        held.get(0).toCompletableFuture().get(10, TimeUnit.SECONDS);
        held.get(2).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(0, publisher.pending());
        publisher.release(unsubscribed).run();
        assertEquals(2, answers.size());
    }
}
