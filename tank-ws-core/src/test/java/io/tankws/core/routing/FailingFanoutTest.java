package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Batches for thousands of clients whose sockets have died without a word: each write fails at once, and the transport
 * reports the end of the connection before the write returns, as the SPI allows.
 */
@Timeout(300)
class FailingFanoutTest {
    private static final String TOPIC = "t";
    private static final int CLIENTS = 5_000;
    /** One client of so many lives. */
    private static final int LIVING = 50;
    /** Stack frames between the shallowest and the deepest write of one fan-out. */
    private static final int MAX_DEPTH = 100;

    private final ManagerContext context = ManagerContexts.newContext(OverflowPolicy.DISCONNECT, null, limits -> {});
    private final List<FakeConnection> living = new ArrayList<>();
    private final List<ClientSession> dying = new ArrayList<>();
    private final Depth depth = new Depth();
    private boolean dead;
    private ClientSession sender;

    /** The way that a batch takes. */
    enum Way {
        TOPIC {
            @Override
            void send(FailingFanoutTest test, List<Message> messages) {
                test.context.router.publish(FailingFanoutTest.TOPIC, MessageBatch.of(messages), test);
            }
        },
        REGISTRY {
            @Override
            void send(FailingFanoutTest test, List<Message> messages) {
                test.context.router.broadcast(MessageBatch.of(messages), test.sender, test);
            }
        },
        RELAY {
            @Override
            void send(FailingFanoutTest test, List<Message> messages) {
                messages.forEach(message ->
                        test.sender.inboundHandler.onText(message.frame().payload()));
                test.sender.inboundHandler.onReadComplete();
            }
        };

        abstract void send(FailingFanoutTest test, List<Message> messages);
    }

    /** The least and the greatest number of stack frames at which a dead socket was written to. */
    private static final class Depth {
        private long least = Long.MAX_VALUE;
        private long greatest;

        void note() {
            long now = StackWalker.getInstance().walk(Stream::count);
            least = Math.min(least, now);
            greatest = Math.max(greatest, now);
        }

        long range() {
            return greatest - least;
        }
    }

    /** Fails every write once its peer is dead, and ends within the first one. */
    private final class DyingConnection implements Connection {
        private ClientSession session;
        private boolean ended;

        @Override
        public boolean write(List<Frame> frames, WriteCallback callback) {
            if (!dead) {
                return true;
            }
            depth.note();
            callback.onWritten(new IOException("connection reset"));
            abort();
            return false;
        }

        @Override
        public void abort() {
            if (!ended) {
                ended = true;
                session.inboundHandler.onClose(CloseStatus.ABNORMAL);
            }
        }

        @Override
        public void close(CloseStatus status) {
            abort();
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}
    }

    static Stream<Arguments> waysAndBursts() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(1, 129, 300, 1000).map(size -> Arguments.of(way, size)));
    }

    @AfterEach
    void end() {
        context.fanout.end();
    }

    @ParameterizedTest
    @MethodSource("waysAndBursts")
    void clientsThatDieInAFanOutEndOneAfterTheOther(Way way, int size) throws InterruptedException {
        connect();
        dead = true;
        way.send(this, messages("a", size));
        way.send(this, messages("b", size));
        assertOnlyTheLivingAreLeft();
        List<String> expected =
                Stream.concat(texts("a", size), texts("b", size)).toList();
        for (FakeConnection connection : living) {
            assertEquals(expected, connection.written());
        }
        assertConserved();
    }

    /** The last relayed messages of a client are sent when it ends, and those writes fail for further clients. */
    @Test
    void lastMessagesOfDyingClientsDoNotNest() throws InterruptedException {
        connect();
        for (ClientSession session : dying) {
            session.inboundHandler.onText(Message.text("last").frame().payload());
        }
        dead = true;
        Way.RELAY.send(this, messages("a", 300));
        assertOnlyTheLivingAreLeft();
        List<String> expected = Stream.concat(texts("a", 300), dying.stream().map(session -> "last"))
                .toList();
        for (FakeConnection connection : living) {
            await(() -> connection.written().size() >= expected.size());
            assertEquals(expected.size(), connection.written().size());
            assertEquals(expected.subList(0, 300), withoutLast(connection.written()));
        }
        assertConserved();
    }

    private static List<String> withoutLast(List<String> written) {
        return written.stream().filter(text -> !text.equals("last")).toList();
    }

    private void connect() {
        sender = ManagerContexts.open(context, "sender", new FakeConnection());
        for (int i = 0; i < CLIENTS; i++) {
            ClientSession session;
            if (i % LIVING == 0) {
                FakeConnection connection = new FakeConnection();
                living.add(connection);
                session = ManagerContexts.open(context, "living" + i, connection);
            } else {
                DyingConnection connection = new DyingConnection();
                session = ManagerContexts.session(context, "dying" + i);
                connection.session = session;
                session.inboundHandler.onOpen(connection);
                dying.add(session);
            }
            session.subscribe(TOPIC);
        }
    }

    private void assertOnlyTheLivingAreLeft() throws InterruptedException {
        await(() -> context.registry.size() == living.size() + 1);
        await(() -> context.topics.find(TOPIC).size() == living.size());
        assertTrue(depth.range() <= MAX_DEPTH, () -> "writes nest over " + depth.range() + " stack frames");
        assertTrue(dying.stream().noneMatch(ClientSession::isOpen));
    }

    private void assertConserved() {
        Counters counters = context.counters;
        long dropped =
                counters.drops().values().stream().mapToLong(Long::longValue).sum();
        assertEquals(counters.offered.sum(), counters.sent.sum() + counters.undelivered.sum() + dropped);
    }

    private static List<Message> messages(String prefix, int size) {
        return texts(prefix, size).<Message>map(Message::text).toList();
    }

    private static Stream<String> texts(String prefix, int size) {
        return IntStream.range(0, size).mapToObj(i -> prefix + i);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10); !condition.getAsBoolean(); ) {
            assertTrue(System.nanoTime() < deadline, "the condition did not come true within 10 s");
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
