package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.ManagerLimits;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InputGateTest {
    private final BlockingQueue<CompletableFuture<TopicDecision>> requests = new LinkedBlockingQueue<>();
    private final FakeConnection connection = new FakeConnection();
    private final FakeConnection other = new FakeConnection();
    private ManagerContext context = context(request -> {
        CompletableFuture<TopicDecision> decision = new CompletableFuture<>();
        requests.add(decision);
        return decision;
    });
    private ClientSession session = ManagerContexts.open(context, "ann", connection);

    private ManagerContext context(TopicAuthorizer authorizer) {
        ManagerContext created = ManagerContexts.newContext(
                ManagerLimits.builder().callbackThreads(1).build(), authorizer);
        ManagerContexts.open(created, "bob", other);
        return created;
    }

    @AfterEach
    void end() {
        ManagerContexts.terminate(context);
    }

    private void receive(String... texts) {
        for (String text : texts) {
            session.inboundHandler.onText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
        session.inboundHandler.onReadComplete();
    }

    private CompletableFuture<TopicDecision> next() throws InterruptedException {
        return requests.poll(10, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void readingPausesAndLaterInputWaits() throws InterruptedException {
        receive("before", "sub:a", "one", "unsub:a", "sub:b", "two");
        assertEquals(List.of("before"), other.written());
        assertEquals(List.of("pause"), connection.reading);
        assertTrue(session.inboundHandler.isHeldBack());
        next().complete(TopicDecision.allowed());
        CompletableFuture<TopicDecision> second = next();
        assertEquals(List.of("before", "one"), other.written());
        assertEquals(List.of(), session.subscriptions());
        second.complete(TopicDecision.allowed());
        await(() -> !session.inboundHandler.isHeldBack());
        assertEquals(List.of("before", "one", "two"), other.written());
        assertEquals("b", session.subscriptions().get(0).topic());
        assertEquals("resume", connection.reading.get(connection.reading.size() - 1));
    }

    @Test
    void theEndOfTheConnectionSendsItsMessagesAndDropsItsSubscriptions() throws InterruptedException {
        receive("sub:a", "one", "sub:b", "two");
        CompletableFuture<TopicDecision> decision = next();
        session.inboundHandler.onClose(CloseStatus.ABNORMAL);
        assertEquals(List.of("one", "two"), other.written());
        decision.complete(TopicDecision.allowed());
        assertEquals(List.of(), session.subscriptions());
        assertEquals(0, context.topics.size());
        assertTrue(requests.isEmpty());
        assertEquals(0, context.counters.errors().getOrDefault(ErrorCode.AUTHORIZATION_FAILED, 0L));
    }

    @Test
    void aCallThatWaitsForAThreadEndsWithItsConnection() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        ManagerContexts.terminate(context);
        context = context(request -> {
            asked.add(request.client().userId());
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.completedFuture(TopicDecision.allowed());
        });
        List<ClientSession> sessions = IntStream.range(0, 200)
                .mapToObj(i -> ManagerContexts.open(context, "u" + i, new FakeConnection()))
                .toList();
        sessions.forEach(each -> each.inboundHandler.onText(ByteBuffer.wrap("sub:a".getBytes(StandardCharsets.UTF_8))));
        asked.poll(10, TimeUnit.SECONDS);
        sessions.forEach(each -> each.inboundHandler.onClose(CloseStatus.ABNORMAL));
        release.countDown();
        session = ManagerContexts.open(context, "last", connection);
        receive("sub:z");
        while (!"last".equals(asked.poll(10, TimeUnit.SECONDS))) {
            // Calls that had begun before the end of their connection.
        }
        assertEquals(0, context.topics.subscriberCount("a"));
    }

    @Test
    void aRevokedSubscriptionIsDeniedAtOnce() throws InterruptedException {
        receive("sub:a", "one");
        CompletableFuture<TopicDecision> decision = next();
        context.registry.revoke("ann", "b");
        assertEquals(List.of(), other.written());
        context.registry.revoke("ann", "a");
        assertEquals(List.of("one"), other.written());
        decision.complete(TopicDecision.allowed());
        assertEquals(List.of(), session.subscriptions());
        assertEquals(1, context.counters.errors().get(ErrorCode.AUTHORIZATION_FAILED));
    }

    @Test
    void thousandsOfDeniedSubscriptionsNeedNoDeepStack() {
        context.terminate(Duration.ofSeconds(10));
        // No call starts after the end, so each subscription is denied on the thread of the transport.
        receive(IntStream.range(0, 20_000).mapToObj(i -> "sub:t" + i).toArray(String[]::new));
        assertEquals(20_000, context.counters.errors().get(ErrorCode.AUTHORIZATION_FAILED));
    }
}
