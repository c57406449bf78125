package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.TopicOptions;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.support.RunningTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every offered message is counted exactly once: as sent, queued, dropped or undelivered. A recovered message was
 * dropped before, and is counted once more.
 */
class ConservationTest {
    private static final int STEPS = 3_000;

    private final Random random = new Random(13);
    private final List<ClientSession> sessions = new ArrayList<>();
    private final List<FakeConnection> connections = new ArrayList<>();
    private int texts;

    @ParameterizedTest
    @EnumSource
    void everyMessageIsAccountedForAfterEachStep(OverflowPolicy policy) {
        ManagerContext context = ManagerContexts.newContext(
                policy,
                null,
                limits -> limits.outboxMessages(6).outboxBytes(4_000).outboxSoft(2_000, Duration.ofSeconds(1)),
                topic -> topic.equals("t1")
                        ? TopicOptions.builder().historySize(50).build()
                        : TopicOptions.NONE);
        for (int step = 0; step < STEPS; step++) {
            String name = step(context);
            int number = step;
            assertConserved(context, () -> "after step " + number + ", " + name);
        }
        assertTrue(context.counters.sent.sum() > 0);
        assertTrue(context.counters.undelivered.sum() > 0);
        assertTrue(!context.counters.drops().isEmpty());
        boolean catchesUp = policy == OverflowPolicy.CATCH_UP;
        assertEquals(catchesUp, context.counters.recovered.sum() > 0);
        assertEquals(catchesUp, context.counters.drops().containsKey(DropReason.CATCH_UP));
        ManagerContexts.terminate(context);
    }

    /** Another thread may move messages of clients that catch up, so the numbers are read until they fit. */
    private static void assertConserved(ManagerContext context, Supplier<String> step) {
        long deadline = RunningTime.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (offered(context) != accounted(context)) {
            assertTrue(
                    RunningTime.nanoTime() - deadline < 0,
                    () -> offered(context) + " offered or recovered, but " + accounted(context) + " " + step.get());
            Thread.onSpinWait();
        }
    }

    private static long offered(ManagerContext context) {
        return context.counters.offered.sum() + context.counters.recovered.sum();
    }

    private static long accounted(ManagerContext context) {
        long dropped = context.counters.drops().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return context.counters.sent.sum()
                + context.registry.queuedMessages()
                + dropped
                + context.counters.undelivered.sum();
    }

    private String step(ManagerContext context) {
        if (sessions.size() < 5) {
            FakeConnection connection = new FakeConnection();
            connection.takesAtOnce = random.nextBoolean();
            connections.add(connection);
            ClientSession session = ManagerContexts.open(context, "u" + texts, connection);
            session.subscribe("t" + random.nextInt(2));
            sessions.add(session);
            return "open";
        }
        int index = random.nextInt(sessions.size());
        FakeConnection connection = connections.get(index);
        int choice = random.nextInt(12);
        if (choice >= 3 && choice <= 6 && context.outboxes().policy() == OverflowPolicy.CATCH_UP) {
            // Other messages would soon close a client that catches up.
            choice = random.nextInt(20) == 0 ? choice : 0;
        }
        switch (choice) {
            case 0, 1, 2 -> {
                context.distributor().publish("t" + random.nextInt(2), text());
                return "publish";
            }
            case 3, 4 -> {
                context.distributor().broadcast(batch(), random.nextBoolean() ? sessions.get(index) : null, this);
                return "broadcast";
            }
            case 5, 6 -> {
                sessions.get(index).send(Message.text(text()));
                return "send";
            }
            case 7, 8 -> {
                if (connection.isWriting()) {
                    connection.take(random.nextInt(8) == 0 ? new IOException("planned") : null);
                }
                return "end of a write";
            }
            case 9 -> {
                connection.takesAtOnce = !connection.takesAtOnce;
                return "change of pace";
            }
            case 10 -> {
                sessions.get(index)
                        .outbox
                        .check(RunningTime.nanoTime()
                                + Duration.ofHours(random.nextInt(2)).toNanos());
                return "check";
            }
            default -> {
                end(index);
                return "end";
            }
        }
    }

    private String text() {
        return "x".repeat(random.nextInt(700)) + ++texts;
    }

    private MessageBatch batch() {
        List<Message> messages = IntStream.rangeClosed(0, random.nextInt(4))
                .<Message>mapToObj(i -> Message.text(text()))
                .toList();
        return MessageBatch.of(messages);
    }

    /** Ends a session, half of the times with a write in flight that ends later or never. */
    private void end(int index) {
        ClientSession session = sessions.remove(index);
        FakeConnection connection = connections.remove(index);
        session.closed(CloseStatus.ABNORMAL);
        if (connection.isWriting() && random.nextBoolean()) {
            connection.take(random.nextBoolean() ? null : new IOException("planned"));
        }
    }

    @Test
    void aClosedOutboxKeepsItsLastWriteUntilThatEnds() {
        ManagerContext context = ManagerContexts.newContext();
        FakeConnection connection = new FakeConnection();
        connection.takesAtOnce = false;
        ClientSession session = ManagerContexts.open(context, "u", connection);
        session.send(Message.text("in flight"));
        session.send(Message.text("waits"));
        assertEquals(2, context.registry.queuedMessages());
        session.closed(CloseStatus.ABNORMAL);
        assertEquals(1, context.registry.queuedMessages());
        assertEquals(1, context.counters.undelivered.sum());
        connection.take(null);
        assertEquals(0, context.registry.queuedMessages());
        assertEquals(1, context.counters.sent.sum());
        context.terminate(Duration.ZERO);
    }
}
