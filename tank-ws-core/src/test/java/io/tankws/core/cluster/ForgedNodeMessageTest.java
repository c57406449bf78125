package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.CloseStatus;
import io.tankws.ClusterConfig;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.MissedMessages;
import io.tankws.core.TankWs;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.FakeHandshake;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.BackplaneProvider;
import io.tankws.spi.ConnectionListener;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages on the channels of a cluster that another program has published, and no node. */
class ForgedNodeMessageTest {
    private static final long REAL = 77;
    private static final int FLOOD = 20_000;

    /** Channel and bytes of each message that the node has published. */
    private final List<Object[]> published = new CopyOnWriteArrayList<>();

    private final BlockingQueue<ErrorEvent> errors = new LinkedBlockingQueue<>();
    private final List<ConnectionListener> clients = new CopyOnWriteArrayList<>();
    private BackplaneListener backplane;
    private final Manager manager = TankWs.builder(provider())
            .greeting("")
            .cluster(ClusterConfig.of("test", "test:x"))
            .build();

    private BackplaneProvider provider() {
        Backplane recording = (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "start" -> {
                            backplane = (BackplaneListener) arguments[0];
                            backplane.onConnected(BackplaneListener.Continuity.SAME_SERVER);
                        }
                        case "subscribe" -> ((Runnable) arguments[1]).run();
                        case "publish" -> published.add(arguments);
                        default -> {
                            // This backplane has no state.
                        }
                    }
                    if (method.getReturnType() == Optional.class) {
                        return Optional.empty();
                    }
                    return method.getReturnType() == void.class ? null : CompletableFuture.completedStage(null);
                });
        return new TestBackplane(recording);
    }

    private void start() {
        manager.errors().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ErrorEvent event) {
                errors.add(event);
            }

            @Override
            public void onError(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            public void onComplete() {
                // The test is over.
            }
        });
        manager.start();
    }

    @AfterEach
    void stop() {
        // A shutdown waits for connections that do not end.
        clients.forEach(client -> client.onClose(CloseStatus.ABNORMAL));
        manager.shutdown(Duration.ZERO);
    }

    private FakeConnection client() throws InterruptedException {
        FakeHandshake handshake = new FakeHandshake("/ws?user_id=ann");
        manager.handleConnection(handshake);
        ConnectionListener listener = handshake.listener();
        FakeConnection connection = new FakeConnection();
        listener.onOpen(connection);
        clients.add(listener);
        listener.onText(ByteBuffer.wrap("sub:news".getBytes()));
        return connection;
    }

    private void arrive(String channel, byte[] nodeMessage) {
        backplane.onMessage(channel, nodeMessage);
        backplane.onReadComplete();
    }

    private void arrive(String channel, byte[] nodeMessage, long sequence) {
        NodeMessage.number(nodeMessage, 1, sequence);
        arrive(channel, nodeMessage);
    }

    private static byte[] message(String text) {
        return NodeMessage.messages(REAL, 0, List.of(Message.text(text)));
    }

    private ErrorEvent error() throws InterruptedException {
        ErrorEvent event = errors.poll(10, TimeUnit.SECONDS);
        assertTrue(event != null, "an error is reported");
        return event;
    }

    /** A damaged message does not use the offset of the real one. Each is counted and reported. */
    @Test
    void garbageIsCountedAndReportedAndHarmsNoClient() throws InterruptedException {
        start();
        FakeConnection client = client();
        arrive("b", message("one"), 1);
        List<byte[]> garbage = new ArrayList<>(List.of(
                new byte[0],
                new byte[26],
                NodeMessage.messages(REAL, 0, Collections.nCopies(NodeMessage.MAX_MESSAGES + 1, Message.text(""))),
                NodeMessage.positionRequest(REAL, -1, List.of("b")),
                NodeMessage.positionRequest(REAL, 1, Collections.nCopies(NodeMessage.MAX_CHANNELS + 1, "b")),
                NodeMessage.positionReport(REAL, List.of(new NodeMessage.StreamPosition("b", 1, Long.MAX_VALUE)))));
        for (int code : new int[] {1005, 1006, 0, -1}) {
            garbage.add(ByteBuffer.allocate(26 + 15)
                    .put((byte) 1)
                    .put(NodeMessage.CLOSE)
                    .putLong(REAL)
                    .putLong(1)
                    .putLong(2)
                    .putInt(code)
                    .putInt(0)
                    .putInt(3)
                    .put("ann".getBytes())
                    .array());
        }
        for (byte[] nodeMessage : garbage) {
            if (nodeMessage.length >= 26 && nodeMessage[1] <= NodeMessage.CLOSE) {
                NodeMessage.number(nodeMessage, 1, 2);
            }
            arrive("b", nodeMessage);
        }
        arrive("n:" + manager.cluster().health().node(), message("forged"), 2);
        arrive("t:news", NodeMessage.close(REAL, "ann", CloseStatus.NORMAL), 2);
        arrive("b", message("two"), 2);
        assertEquals(List.of("one", "two"), client.written());
        assertEquals(List.of(), client.closes);
        assertEquals(garbage.size() + 2, manager.cluster().health().rejected());
        assertEquals(2, manager.cluster().health().received());
        assertEquals(0, manager.cluster().health().missed());
        assertEquals(ErrorCode.BACKPLANE_FAILED, error().code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "t:news"})
    void aTextThatIsNotUtf8IsGarbage(String channel) throws InterruptedException {
        start();
        FakeConnection client = client();
        byte[] damaged = message("text");
        damaged[damaged.length - 1] = (byte) 0xFF;
        arrive(channel, damaged, 1);
        arrive(channel, message("text"), 1);
        assertEquals(List.of("text"), client.written());
        assertEquals(1, manager.cluster().health().rejected());
        assertEquals(ErrorCode.BACKPLANE_FAILED, error().code());
    }

    @Test
    void manyMillionsOfMessagesInOneNodeMessageAreGarbage() {
        start();
        int count = 4_000_000;
        ByteBuffer nodeMessage =
                ByteBuffer.allocate(26 + 12 + 6 * count).put(message("")).position(34);
        nodeMessage.putInt(count);
        while (nodeMessage.hasRemaining()) {
            nodeMessage.put((byte) 1).putInt(1).put((byte) 'x');
        }
        arrive("b", nodeMessage.array(), 1);
        assertEquals(1, manager.cluster().health().rejected());
        assertEquals(0, manager.cluster().health().received());
    }

    @Test
    void aForgedOffsetSilencesNoPublisher() throws InterruptedException {
        start();
        FakeConnection client = client();
        arrive("t:news", message("one"), 1);
        for (long forged : new long[] {1L << 62, Long.MAX_VALUE, -1, 0, 1L << 40}) {
            arrive("t:news", message("forged"), forged);
        }
        arrive("t:news", message("two"), 2);
        assertEquals(List.of("one", "two"), client.written());
        assertEquals(5, manager.cluster().health().rejected());
        assertEquals(ErrorCode.BACKPLANE_FAILED, error().code());
    }

    @Test
    void messagesDroppedAsStaleAreCountedAndReported() throws InterruptedException {
        start();
        FakeConnection client = client();
        arrive("t:news", message("one"), 1);
        arrive("t:news", message("forged"), 2);
        arrive("t:news", message("two"), 2);
        arrive("t:news", message("three"), 3);
        assertEquals(List.of("one", "forged", "three"), client.written());
        assertEquals(1, manager.cluster().health().stale());
        assertEquals(1, manager.cluster().health().missed());
        MissedMessages missed = (MissedMessages) error().details().orElseThrow();
        assertEquals("news", missed.topic());
        assertEquals(1, missed.count());
        assertFalse(missed.exact());
    }

    /** Counters do not overflow, for any number in a forged message. */
    @Test
    void missedMessagesAddUpToNoNegativeNumber() {
        start();
        backplane.onDisconnected(new IllegalStateException("of this test"), Duration.ZERO);
        backplane.onConnected(BackplaneListener.Continuity.SAME_SERVER);
        for (long node = 1; node <= 100_000; node++) {
            arrive(
                    "b",
                    NodeMessage.positionReport(
                            node, List.of(new NodeMessage.StreamPosition("b", 1, NodeMessage.MAX_NUMBER))));
        }
        assertTrue(manager.cluster().health().missed() >= 0);
    }

    /** A flood causes few events, which count all of its messages. */
    @Test
    void aFloodOfGarbageCausesFewEventsThatCountAll() throws InterruptedException {
        start();
        for (int i = 0; i < FLOOD; i++) {
            arrive("b", new byte[] {1, 2, 3});
        }
        assertEquals(FLOOD, manager.cluster().health().rejected());
        long reported = 0;
        int events = 0;
        while (reported < FLOOD) {
            String text = error().message();
            reported += Long.parseLong(text.replaceAll("\\D+", " ").strip());
            events++;
        }
        assertEquals(FLOOD, reported);
        assertTrue(events < FLOOD / 10, events + " events");
    }

    /** Each position request makes all nodes answer, so their number is bounded. */
    @Test
    void aFloodOfQuestionsIsAnsweredUpToABound() {
        start();
        manager.broadcastMessage("x").toCompletableFuture().join();
        int before = published.size();
        int asked = 0;
        while (manager.cluster().health().rejected() == 0) {
            arrive("b", NodeMessage.positionRequest(REAL, 60_000, Collections.nCopies(NodeMessage.MAX_CHANNELS, "b")));
            asked++;
        }
        int answers = published.size() - before;
        assertEquals(asked - 1, answers);
        for (Object[] answer : published.subList(before, published.size())) {
            // The same channel is answered once.
            assertEquals(
                    1,
                    NodeMessage.open((byte[]) answer[1])
                            .readLast(NodeMessage::positionReport)
                            .size());
        }
    }

    /** A node keeps the bounds that it checks for other nodes. */
    @Test
    void aBatchThatIsTooLargeForANodeMessageIsSentInSeveral() throws InterruptedException {
        start();
        FakeHandshake handshake = new FakeHandshake("/ws?user_id=bob");
        manager.handleConnection(handshake);
        ConnectionListener bob = handshake.listener();
        bob.onOpen(new FakeConnection());
        int before = published.size();
        int count = 3 * NodeMessage.MAX_MESSAGES + 1;
        for (int i = 0; i < count; i++) {
            bob.onText(ByteBuffer.wrap("x".getBytes()));
        }
        bob.onReadComplete();
        FakeConnection client = client();
        int nodeMessages = 0;
        // The node sends further messages when earlier ones have returned.
        while (client.written().size() < count) {
            if (before + nodeMessages < published.size()) {
                arrive("b", (byte[]) published.get(before + nodeMessages++)[1]);
            } else {
                Thread.sleep(1);
            }
        }
        assertTrue(nodeMessages >= 4, () -> "too few node messages");
        assertEquals(0, manager.cluster().health().rejected());
        assertEquals(count, client.written().size());
    }

    @Test
    void aPublishThatNoNodeMessageCanHoldIsRefused() {
        start();
        assertEquals(
                BackplaneException.Reason.REFUSED,
                reason(manager.broadcastMessage(Message.binary(new byte[NodeMessage.MAX_BYTES]))));
        assertThrows(IllegalArgumentException.class, () -> manager.closeClient("nobody", CloseStatus.ABNORMAL));
        int before = published.size();
        manager.closeClient("x".repeat(NodeMessage.MAX_TEXT_BYTES + 1));
        assertEquals(before, published.size());
        assertEquals(2, manager.cluster().health().publishFailures());
    }

    private static BackplaneException.Reason reason(CompletionStage<Void> stage) {
        CompletionException thrown = assertThrows(
                CompletionException.class, () -> stage.toCompletableFuture().join());
        return ((BackplaneException) thrown.getCause()).reason();
    }
}
