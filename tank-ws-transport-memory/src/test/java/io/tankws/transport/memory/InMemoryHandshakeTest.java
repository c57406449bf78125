package io.tankws.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Handshake;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.TransportHandshake;
import io.tankws.transport.memory.InMemoryPeer.Refused;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InMemoryHandshakeTest extends InMemoryCase {
    private final BlockingQueue<Handshake> pending = new LinkedBlockingQueue<>();

    private static Refusal refusal(InetSocketAddress address, HandshakeRequest request) {
        return assertThrows(Refused.class, () -> InMemoryPeer.connect(address, request, LONG))
                .refusal();
    }

    private static CompletableFuture<InMemoryPeer> connect(InetSocketAddress address, Duration timeout) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return InMemoryPeer.connect(address, upgrade("/ws").build(), timeout);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private Handshake next() throws InterruptedException {
        return pending.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void anotherThreadMayAcceptLater() throws Exception {
        InetSocketAddress address = start(pending::add);
        CompletableFuture<InMemoryPeer> connecting = connect(address, LONG);
        Handshake handshake = next();
        assertEquals("/ws", handshake.request().path());
        accept(handshake, listener);
        InMemoryPeer peer = connecting.get(10, TimeUnit.SECONDS);
        assertEquals(Optional.empty(), peer.subprotocol());
        listener.connection();
        assertEquals("open on tank-ws-in-memory", listener.calls.get(0));
    }

    @Test
    void peerLearnsTheSubprotocol() throws Exception {
        AcceptOptions chat = AcceptOptions.builder().subprotocol("chat").build();
        InetSocketAddress address = start(handshake -> ((TransportHandshake) handshake).accept(chat, listener));
        InMemoryPeer peer = InMemoryPeer.connect(address, upgrade("/ws").build(), LONG);
        assertEquals(Optional.of("chat"), peer.subprotocol());
    }

    @Test
    void refusalReachesThePeerAsItIs() {
        Refusal refusal = new Refusal(503, "later", Map.of("Retry-After", "1"));
        InetSocketAddress address = start(handshake -> handshake.refuse(refusal));
        assertEquals(refusal, refusal(address, upgrade("/ws").build()));
    }

    @Test
    void unknownPathGets404() {
        InetSocketAddress address = start(pending::add);
        assertEquals(404, refusal(address, upgrade("/other?/ws").build()).status());
        assertTrue(pending.isEmpty());
    }

    @Test
    void pathsAreAddedAndReplacedAfterTheStart() {
        InetSocketAddress address = start(pending::add);
        transport.handle("/ws", handshake -> handshake.refuse(new Refusal(403, "replaced")));
        transport.handle("/late", handshake -> handshake.refuse(new Refusal(410, "added")));
        assertEquals(403, refusal(address, upgrade("/ws").build()).status());
        assertEquals(410, refusal(address, upgrade("/late").build()).status());
    }

    @Test
    void handlerThatThrowsGets500() {
        InetSocketAddress address = start(handshake -> {
            throw new IllegalStateException("on purpose");
        });
        assertEquals(500, refusal(address, upgrade("/ws").build()).status());
    }

    @Test
    void invalidRequestIsHandedOverButNotAccepted() {
        CompletableFuture<Exception> thrown = new CompletableFuture<>();
        InetSocketAddress address = start(handshake -> {
            thrown.complete(assertThrows(IllegalStateException.class, () -> accept(handshake, listener)));
            handshake.refuse(handshake.request().violation().orElseThrow());
        });
        HandshakeRequest plain = HandshakeRequest.builder("/ws", new InetSocketAddress("127.0.0.1", 1))
                .header("Host", "localhost")
                .build();
        assertEquals(426, refusal(address, plain).status());
        assertTrue(thrown.isDone());
        assertTrue(listener.calls.isEmpty());
    }

    @Test
    void handshakeIsDecidedOnce() throws Exception {
        InetSocketAddress address = start(pending::add);
        CompletableFuture<InMemoryPeer> connecting = connect(address, LONG);
        Handshake handshake = next();
        accept(handshake, listener);
        assertThrows(IllegalStateException.class, () -> handshake.refuse(new Refusal(403, "no")));
        assertThrows(IllegalStateException.class, () -> accept(handshake, listener));
        connecting.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aPeerThatDidNotWaitIsReportedToTheListener() throws Exception {
        InetSocketAddress address = start(pending::add);
        assertThrows(
                SocketTimeoutException.class,
                () -> InMemoryPeer.connect(address, upgrade("/ws").build(), Duration.ofMillis(20)));
        accept(next(), listener);
        listener.failed.get(10, TimeUnit.SECONDS);
        CompletableFuture.runAsync(() -> transport.close(LONG)).get(5, TimeUnit.SECONDS);
        assertEquals(List.of("failed"), listener.calls);
    }

    @Test
    void nobodyListensOnAPortThatIsNotBound() {
        InetSocketAddress address = start(pending::add);
        transport.close(Duration.ZERO);
        assertThrows(
                ConnectException.class,
                () -> InMemoryPeer.connect(address, upgrade("/ws").build(), LONG));
    }

    @Test
    void closeDisconnectsPeersThatWaitForADecision() throws Exception {
        InetSocketAddress address = start(pending::add);
        CompletableFuture<InMemoryPeer> connecting = connect(address, LONG);
        Handshake handshake = next();
        transport.close(LONG);
        var cut = assertThrows(ExecutionException.class, () -> connecting.get(10, TimeUnit.SECONDS));
        assertInstanceOf(ClosedChannelException.class, cut.getCause());
        accept(handshake, listener);
        listener.failed.get(10, TimeUnit.SECONDS);
    }
}
