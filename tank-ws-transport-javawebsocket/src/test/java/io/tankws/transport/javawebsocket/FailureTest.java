package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ServerLimits;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.PathHandlers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.Test;

/** No failure of one connection reaches another, and a server that has failed reports its end. */
final class FailureTest extends Fixture {
    private static final int MANY = 20;
    private static final int LARGE = 16 * 1024 * 1024;

    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @Override
    ServerLimits limits() {
        return ServerLimits.builder()
                .handshakeTimeout(Duration.ofSeconds(2))
                .handshakeBytes(1024)
                .pendingHandshakeBytes(4096)
                .build();
    }

    private static Thread thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tank-ws-java-websocket-" + name))
                .findAny()
                .orElseThrow();
    }

    /** Accepts listeners that throw an error at the given event, at {@code /ws}, and normal ones at {@code /sound}. */
    private void throwingAt(String event) {
        transport.handle("/sound", handshake -> ((TransportHandshake) handshake).accept(acceptance(), recorder));
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), new Recorder() {
            private void fail(String now) {
                if (now.equals(event)) {
                    throw new OutOfMemoryError("of this test");
                }
            }

            @Override
            public void onText(ByteBuffer utf8) {
                fail("text");
            }

            @Override
            public void onReadComplete() {
                fail("read complete");
            }

            @Override
            public void onClose(CloseStatus status) {
                fail("close");
            }
        }));
        transport.onFailure(failures::add);
    }

    private RawClient sound() throws Exception {
        RawClient client = client().send(RawClient.request("/sound"));
        assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        recorder.expect("open");
        return client;
    }

    private void assertServes(RawClient before) throws Exception {
        before.sendText("before");
        recorder.expect("text before");
        Recorder own = new Recorder();
        transport.handle("/after", handshake -> ((TransportHandshake) handshake).accept(acceptance(), own));
        try (RawClient after = client().send(RawClient.request("/after"))) {
            assertTrue(after.readHead().startsWith("HTTP/1.1 101 "));
            after.sendText("after");
            own.expect("open", "text after");
        }
        assertTrue(failures.isEmpty());
    }

    @Test
    void errorsInListenersEndTheirConnectionsAlone() throws Exception {
        throwingAt("text");
        try (RawClient other = sound()) {
            for (int i = 0; i < MANY; i++) {
                try (RawClient client = client().send(RawClient.request(PATH))) {
                    client.readHead();
                    client.sendText("bad");
                    client.awaitEnd();
                }
            }
            await(() -> Listeners.peers(transport) == 1);
            assertServes(other);
        }
    }

    /** The end of a stream is reported on the selector's thread. */
    @Test
    void errorsAtTheEndOfAConnectionDoNotReachTheSelector() throws Exception {
        throwingAt("close");
        try (RawClient other = sound()) {
            for (int i = 0; i < MANY; i++) {
                try (RawClient client = client().send(RawClient.request(PATH))) {
                    client.readHead();
                }
            }
            await(() -> Listeners.peers(transport) == 1);
            assertServes(other);
        }
    }

    /** Returns a client with a large write in flight, which the selector's thread finishes and calls back. */
    private RawClient clientOfAWrite(Connection.WriteCallback callback) throws Exception {
        Recorder writing = new Recorder();
        transport.handle("/writing", handshake -> ((TransportHandshake) handshake).accept(acceptance(), writing));
        RawClient client = new RawClient(transport.address(), 4096).send(RawClient.request("/writing"));
        client.readHead();
        assertTrue(!writing.open().write(List.of(text("x".repeat(LARGE))), callback));
        return client;
    }

    @Test
    void anErrorInAWriteCallbackDoesNotReachTheSelector() throws Exception {
        throwingAt("nothing");
        Connection.WriteCallback throwing = failure -> {
            throw new OutOfMemoryError("of this test");
        };
        try (RawClient other = sound()) {
            try (RawClient client = clientOfAWrite(throwing)) {
                client.awaitEnd();
            }
            await(() -> Listeners.peers(transport) == 1);
            assertServes(other);
        }
    }

    /** A peer whose deadline has passed is ended on the acceptor's thread. */
    @Test
    void errorsAtADeadlineDoNotReachTheAcceptor() throws Exception {
        throwingAt("close");
        try (RawClient other = sound()) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = client().send(RawClient.request(PATH))) {
                    client.readHead();
                    // A frame without a mask: the server closes, and this client does not reply.
                    client.send((byte) 0x81, (byte) 0x00);
                    client.awaitEnd();
                }
            }
            await(() -> Listeners.peers(transport) == 1);
            assertServes(other);
        }
    }

    @Test
    void aWorkerStartsAgainAfterAnErrorOfTheLibrary() throws Exception {
        throwingAt("nothing");
        try (RawClient other = sound()) {
            WebSocketServer.WebSocketWorker worker = (WebSocketServer.WebSocketWorker) thread("worker-0");
            WebSocketImpl bad = new WebSocketImpl(new NoopEvents(), List.of(new Draft_6455())) {
                @Override
                public void decode(ByteBuffer bytes) {
                    throw new OutOfMemoryError("of this test");
                }
            };
            for (int i = 0; i < 2; i++) {
                bad.inQueue.put(ByteBuffer.allocate(1));
                worker.put(bad);
            }
            await(() -> bad.inQueue.isEmpty());
            assertServes(other);
            assertTrue(worker.isAlive());
            worker.interrupt();
            assertServes(other);
        }
    }

    /** On a worker the library would lose a read buffer each time, on the selector's thread its loop would end. */
    @Test
    void interruptsLeftByListenersEndNoLoop() throws Exception {
        throwingAt("nothing");
        transport.handle("/interrupting", handshake -> {
            Recorder interrupting = new Recorder() {
                @Override
                public void onText(ByteBuffer utf8) {
                    super.onText(utf8);
                    Thread.currentThread().interrupt();
                }

                @Override
                public void onClose(CloseStatus status) {
                    super.onClose(status);
                    Thread.currentThread().interrupt();
                }
            };
            ((TransportHandshake) handshake).accept(acceptance(), interrupting);
        });
        try (RawClient other = sound()) {
            for (int i = 0; i < MANY; i++) {
                try (RawClient client = client().send(RawClient.request("/interrupting"))) {
                    assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
                    client.sendText("x");
                }
                await(() -> Listeners.peers(transport) == 1);
            }
            assertServes(other);
        }
    }

    @Test
    void anInterruptLeftByAWriteCallbackEndsNoLoop() throws Exception {
        throwingAt("nothing");
        CompletableFuture<Void> written = new CompletableFuture<>();
        Connection.WriteCallback interrupting = failure -> {
            Thread.currentThread().interrupt();
            written.complete(null);
        };
        try (RawClient other = sound();
                RawClient client = clientOfAWrite(interrupting)) {
            assertEquals(LARGE, client.readFrame().payload().length);
            written.get(10, TimeUnit.SECONDS);
            assertServes(other);
        }
    }

    @Test
    void theDeathOfTheSelectorEndsTheTransportWithOneReport() throws Exception {
        throwingAt("nothing");
        InetSocketAddress address = transport.address();
        try (RawClient client = sound();
                RawClient half = client().send("GET")) {
            await(() -> Listeners.peers(transport) == 2);
            thread("selector").interrupt();
            assertTrue(failures.poll(10, TimeUnit.SECONDS) != null);
            recorder.expect("close 1006 ");
            client.awaitEnd();
            half.awaitEnd();
            assertThrows(java.net.ConnectException.class, () -> new RawClient(address).close());
            await(() -> threads() == 0);
            transport.close(Duration.ZERO);
            assertTrue(failures.isEmpty());
        }
    }

    @Test
    void anAcceptorWithoutItsChannelEndsWithOneReport() throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
        Acceptor acceptor =
                new Acceptor(channel, new PeerSockets(address, limits(), new PathHandlers()), failures::add);
        acceptor.start();
        channel.close();
        acceptor.acceptInto(java.nio.channels.Selector.open());
        assertTrue(failures.poll(10, TimeUnit.SECONDS) != null);
        await(() -> threads() == 0);
        acceptor.close(Duration.ofSeconds(1));
        assertTrue(failures.isEmpty());
    }

    @Test
    void partsOfHeadsAreBoundedTogetherAndAWholeHeadIsServedBesideThem() throws Exception {
        throwingAt("nothing");
        List<RawClient> partial = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                partial.add(client().send("GET /ws HTTP/1.1\r\nX: " + "x".repeat(600)));
            }
            sound().close();
            recorder.expect("close 1006 ");
            // Several threads read them, so any of them may be the one that is refused.
            int refused = 0;
            for (RawClient client : partial) {
                refused += client.readAll().startsWith("HTTP/1.1 503 ") ? 1 : 0;
            }
            assertTrue(refused > 0 && refused < partial.size(), refused + " were refused");
        } finally {
            for (RawClient client : partial) {
                client.close();
            }
        }
        Listeners.awaitNoPeers(transport);
        // All bytes have been released.
        for (int i = 0; i < 4; i++) {
            try (RawClient client = client().send("GET /ws HTTP/1.1\r\nX: " + "x".repeat(600))) {
                client.send("\r\n" + RawClient.request("/ws").substring("GET /ws HTTP/1.1\r\n".length()));
                assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            }
        }
    }
}
