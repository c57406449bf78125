package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.support.RunningTime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that fill outboxes of 40 messages. An outbox counts as filled from 10 messages on, and as drained at 5. */
class PacingTest {
    private static final String LARGE = "x".repeat(2000);

    private final FakeConnection slow = new FakeConnection();
    private final FakeConnection fast = new FakeConnection();
    private final FakeConnection flooding = new FakeConnection();
    private ManagerContext context;
    private ClientSession reader;
    private ClientSession sender;
    private int sent;

    @AfterEach
    void end() {
        if (context != null) {
            ManagerContexts.terminate(context);
        }
    }

    private void start(OverflowPolicy policy, MessageHandler handler, Consumer<ClientLimits.Builder> limits) {
        context = ManagerContexts.newContext(policy, handler, builder -> {
            builder.outboxMessages(40);
            limits.accept(builder);
        });
        reader = ManagerContexts.open(context, "slow", slow);
        ManagerContexts.open(context, "fast", fast);
        sender = ManagerContexts.open(context, "sender", flooding);
        slow.takesAtOnce = false;
    }

    private void start() {
        start(OverflowPolicy.DISCONNECT, null, limits -> {});
    }

    private static void receive(ClientSession session, String text) {
        session.inboundHandler.onText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        session.inboundHandler.onReadComplete();
    }

    /** Reads as a transport does: no read begins while reading is paused. */
    private void flood(int messages) {
        for (int i = 0; i < messages && !isPaused(flooding); i++) {
            receive(sender, sent++ + LARGE);
        }
    }

    private static boolean isPaused(FakeConnection connection) {
        synchronized (connection) {
            return connection.reading.size() % 2 == 1;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private List<String> expected() {
        return IntStream.range(0, sent).mapToObj(i -> i + LARGE).toList();
    }

    private void assertNothingDropped() {
        assertEquals(Set.of(), context.counters.drops().keySet());
        assertEquals(List.of(), slow.closes);
    }

    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void aSenderIsPausedWhileAnOutboxIsFilled(OverflowPolicy policy) throws InterruptedException {
        start(policy, null, limits -> {});
        while (sent < 200) {
            flood(100);
            assertTrue(isPaused(flooding));
            assertTrue(sender.inboundHandler.isHeldBack());
            int writes = slow.writes.size();
            slow.take(null);
            if (slow.writes.size() == writes) {
                await(() -> !isPaused(flooding));
            }
            await(() -> !isPaused(flooding) || slow.isWriting());
        }
        slow.takesAtOnce = true;
        slow.take(null);
        await(() -> slow.written().size() == sent);
        assertEquals(expected(), slow.written());
        assertEquals(expected(), fast.written());
        assertNothingDropped();
        await(() -> !sender.inboundHandler.isHeldBack());
        assertEquals(0, flooding.reading.size() % 2);
    }

    @Test
    void oneReadOfManyMessagesStopsWithinTheBound() throws InterruptedException {
        start();
        receive(sender, "first");
        List<String> texts = IntStream.range(0, 1000).mapToObj(i -> "m" + i).toList();
        texts.forEach(
                text -> sender.inboundHandler.onText(Message.text(text).frame().payload()));
        sender.inboundHandler.onReadComplete();
        assertTrue(isPaused(flooding));
        assertEquals(List.of("first"), slow.written());
        assertTrue(fast.written().size() < 40);
        slow.takesAtOnce = true;
        slow.take(null);
        await(() -> slow.written().size() == 1001 && fast.written().size() == 1001);
        assertEquals(texts, slow.written().subList(1, 1001));
        assertEquals(texts, fast.written().subList(1, 1001));
        assertNothingDropped();
    }

    @Test
    void manySendersDoNotFillAnOutboxUpToItsBound() throws InterruptedException {
        start();
        int senders = 60;
        List<ClientSession> all = new ArrayList<>();
        List<FakeConnection> connections = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            connections.add(new FakeConnection());
            all.add(ManagerContexts.open(context, "sender" + i, connections.get(i)));
        }
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < senders; i++) {
                if (!isPaused(connections.get(i))) {
                    receive(all.get(i), i + ":" + round + LARGE);
                }
            }
        }
        assertTrue(connections.stream().allMatch(PacingTest::isPaused));
        slow.takesAtOnce = true;
        slow.take(null);
        await(() -> connections.stream().noneMatch(PacingTest::isPaused));
        assertNothingDropped();
        await(() -> context.counters.sent.sum() == context.counters.offered.sum());
        for (int i = 0; i < senders; i++) {
            String own = i + ":";
            List<String> texts =
                    slow.written().stream().filter(text -> text.startsWith(own)).toList();
            String name = own;
            assertEquals(
                    IntStream.range(0, texts.size())
                            .mapToObj(round -> name + round + LARGE)
                            .toList(),
                    texts);
        }
    }

    @Test
    void aClientThatSendsLittleIsNotHeld() {
        start(OverflowPolicy.DISCONNECT, null, limits -> limits.outboxMessages(640));
        FakeConnection chatting = new FakeConnection();
        ClientSession chat = ManagerContexts.open(context, "chat", chatting);
        flood(500);
        assertTrue(isPaused(flooding));
        for (int i = 0; i < 5; i++) {
            receive(chat, "hello" + i);
        }
        assertFalse(isPaused(chatting));
        assertTrue(fast.written().contains("hello4"));
    }

    @Test
    void aClientThatSendsSteadilyIsNotHeldByAnotherThatFloods() throws InterruptedException {
        start(OverflowPolicy.DISCONNECT, null, limits -> limits.outboxMessages(2000));
        FakeConnection chatting = new FakeConnection();
        ClientSession chat = ManagerContexts.open(context, "chat", chatting);
        flood(1000);
        assertTrue(isPaused(flooding));
        // Each message costs a thousandth of a second, so that all messages together exceed the tokens of the bucket.
        for (int i = 0; i < 200; i++) {
            receive(chat, "hello" + i);
            assertFalse(isPaused(chatting), "after " + i);
            await(new Pause(Duration.ofMillis(1)));
        }
        assertTrue(isPaused(flooding));
    }

    private static final class Pause implements BooleanSupplier {
        private final long end;

        Pause(Duration length) {
            end = RunningTime.nanoTime() + length.toNanos();
        }

        @Override
        public boolean getAsBoolean() {
            return RunningTime.nanoTime() - end >= 0;
        }
    }

    @Test
    void aReaderThatTakesNothingHoldsSendersForATenthOfTheWriteTimeout() throws InterruptedException {
        start(
                OverflowPolicy.DROP_OLDEST,
                null,
                limits -> limits.outboxAge(Duration.ofMinutes(1)).writeTimeout(Duration.ofSeconds(50)));
        flood(100);
        assertTrue(isPaused(flooding));
        long now = RunningTime.nanoTime();
        reader.outbox.check(now + Duration.ofSeconds(4).toNanos());
        reader.outbox.progressed(now + Duration.ofSeconds(4).toNanos(), 64 * 1024);
        reader.outbox.check(now + Duration.ofSeconds(8).toNanos());
        assertTrue(isPaused(flooding));
        reader.outbox.check(now + Duration.ofSeconds(10).toNanos());
        await(() -> !isPaused(flooding));
        assertEquals(expected(), fast.written());
    }

    @Test
    void aReaderHoldsSendersForItsOwnTimeAlone() throws InterruptedException {
        start(
                OverflowPolicy.DROP_OLDEST,
                null,
                limits -> limits.outboxAge(Duration.ofSeconds(5)).writeTimeout(Duration.ofMinutes(2)));
        flood(100);
        assertTrue(isPaused(flooding));
        reader.outbox.check(RunningTime.nanoTime() + Duration.ofSeconds(4).toNanos());
        assertTrue(isPaused(flooding));
        reader.outbox.check(RunningTime.nanoTime() + Duration.ofSeconds(6).toNanos());
        await(() -> !isPaused(flooding));
        flood(200);
        assertFalse(isPaused(flooding));
        // The overflow policy applies now.
        assertTrue(context.counters.drops().containsKey(DropReason.OUTBOX_MESSAGES));
        assertEquals(expected(), fast.written());
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed", "closing"})
    void aReaderThatEndsHoldsNoSender(String end) throws InterruptedException {
        start();
        flood(100);
        assertTrue(isPaused(flooding));
        if (end.equals("closed")) {
            reader.inboundHandler.onClose(CloseStatus.ABNORMAL);
        } else {
            reader.close(CloseStatus.NORMAL);
        }
        await(() -> !isPaused(flooding));
        flood(100);
        assertFalse(isPaused(flooding));
        assertEquals(expected(), fast.written());
    }

    @Test
    void messagesOfASenderThatHasEndedAreStillDelivered() throws InterruptedException {
        start();
        flood(100);
        assertTrue(isPaused(flooding));
        sender.inboundHandler.onClose(CloseStatus.ABNORMAL);
        List<String> resumed = List.copyOf(flooding.reading);
        slow.takesAtOnce = true;
        slow.take(null);
        await(() -> slow.written().size() == sent);
        assertEquals(expected(), slow.written());
        assertFalse(context.flow.isWaiting());
        assertEquals(resumed, flooding.reading);
    }

    @Test
    void sendersThatHaveEndedWaitUpToABound() throws InterruptedException {
        start();
        flood(100);
        for (int i = 0; i < 65; i++) {
            ClientSession other = ManagerContexts.open(context, "other" + i, new FakeConnection());
            receive(other, "o" + i + "x".repeat(20_000));
            other.inboundHandler.onClose(CloseStatus.ABNORMAL);
        }
        await(() -> fast.written().stream().filter(text -> text.startsWith("o")).count() == 1);
        assertTrue(fast.written().stream().anyMatch(text -> text.startsWith("o64x")));
    }

    @Test
    void twoReadersHoldASenderUntilBothHaveDrained() throws InterruptedException {
        start();
        fast.takesAtOnce = false;
        flood(100);
        assertTrue(isPaused(flooding));
        slow.takesAtOnce = true;
        slow.take(null);
        context.flow.wake();
        assertTrue(isPaused(flooding));
        fast.takesAtOnce = true;
        fast.take(null);
        await(() -> !isPaused(flooding));
        await(() -> fast.written().size() == sent);
        assertEquals(expected(), fast.written());
    }

    @Test
    void itsOwnOutboxDoesNotHoldAClientThatRelays() {
        start();
        flooding.takesAtOnce = false;
        IntStream.range(0, 15).forEach(i -> sender.send("m" + i));
        slow.takesAtOnce = true;
        flood(30);
        assertFalse(isPaused(flooding));
        assertEquals(expected(), fast.written());
    }

    @Test
    void aHandlerGetsNoFurtherMessageWhileItsMessagesFillAnOutbox() throws InterruptedException {
        List<String> handled = new ArrayList<>();
        start(
                OverflowPolicy.DISCONNECT,
                (client, message) -> {
                    synchronized (handled) {
                        handled.add(((Message.Text) message).text());
                    }
                    context.distributor()
                            .broadcast(MessageBatch.of(message), (ClientSession) client, Thread.currentThread());
                },
                limits -> limits.inboxMessages(200).inboxBytes(1_000_000));
        flood(150);
        await(() -> reader.outbox.fill() > 0 && context.flow.isWaiting());
        synchronized (handled) {
            assertTrue(handled.size() < 40, () -> handled.size() + " messages");
        }
        slow.takesAtOnce = true;
        slow.take(null);
        await(() -> slow.written().size() == 150);
        assertEquals(expected(), slow.written());
        assertNothingDropped();
    }

    @Test
    void aHandlerThatSendsToOtherClientsIsNotHeld() throws InterruptedException {
        start(
                OverflowPolicy.DISCONNECT,
                (client, message) -> (client.userId().equals("sender") ? reader : sender).send(message),
                limits -> limits.inboxMessages(200).inboxBytes(1_000_000));
        ClientSession other = ManagerContexts.open(context, "other", new FakeConnection());
        flood(150);
        await(() -> context.flow.isWaiting());
        IntStream.range(0, 100).forEach(i -> receive(other, "m" + i));
        await(() -> flooding.written().size() == 100);
        assertTrue(context.flow.isWaiting());
    }

    @Test
    void theEndWaitsForNoReader() {
        start();
        flood(100);
        assertTrue(isPaused(flooding));
        context.shutdown.closeAll();
        context.terminate(Duration.ofSeconds(10));
        context = null;
        assertFalse(isPaused(flooding) && flooding.closes.isEmpty());
    }

    @Test
    void messagesInFlightInAClusterAreBounded() throws InterruptedException {
        start();
        slow.takesAtOnce = true;
        context.flow.broadcastSent(20, 100);
        receive(sender, LARGE.repeat(10));
        assertTrue(isPaused(flooding));
        context.flow.broadcastReturned(1, 10);
        await(() -> !isPaused(flooding));
        context.flow.broadcastSent(20, 100);
        receive(sender, LARGE.repeat(10));
        assertTrue(isPaused(flooding));
        // No message returns. The lost messages hold no sender for long.
        context.flow.check(RunningTime.nanoTime() + 2_000_000_000L);
        await(() -> !isPaused(flooding));
        assertEquals(2, fast.written().size());
    }

    @Test
    void aSenderWhoseSocketCannotBePausedIsStillSent() throws InterruptedException {
        start();
        FakeConnection broken = new FakeConnection() {
            @Override
            public synchronized void pauseReading() {
                throw new IllegalStateException("of this test");
            }
        };
        ClientSession other = ManagerContexts.open(context, "other", broken);
        assertThrows(IllegalStateException.class, () -> {
            while (true) {
                receive(other, sent + LARGE);
                sent++;
            }
        });
        sent++;
        slow.takesAtOnce = true;
        slow.take(null);
        await(() -> slow.written().size() == sent);
        assertEquals(expected(), slow.written());
    }
}
