package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HandshakeHandler;
import io.tankws.ServerLimits;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.PathHandlers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Races between a deadline, on the acceptor's thread, and the end of a request head, on a worker. */
final class ReadingRequestStateTest {
    private final List<TransportHandshake> handed = new ArrayList<>();
    private final HandshakeHandler handler = handshake -> handed.add((TransportHandshake) handshake);
    private ServerSocketChannel listening;
    private SocketChannel client;
    private SocketChannel socket;
    private Selector selector;
    private PeerSockets peers;
    private PeerSocket peer;

    @BeforeEach
    void accepts() throws Exception {
        listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress address = (InetSocketAddress) listening.getLocalAddress();
        client = SocketChannel.open(address);
        socket = listening.accept();
        socket.configureBlocking(false);
        selector = Selector.open();
        PathHandlers handlers = new PathHandlers();
        handlers.handle("/ws", handler);
        peers = new PeerSockets(address, ServerLimits.defaults(), handlers);
        peer = new PeerSocket(peers, address, address);
        peer.start(socket, socket.register(selector, 0, peer));
    }

    @AfterEach
    void closes() throws Exception {
        selector.close();
        socket.close();
        client.close();
        listening.close();
    }

    private static ByteBuffer head() {
        return ByteBuffer.wrap(RawClient.request("/ws").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aHeadThatIsCompleteAfterTheDeadlineIsNotHandedOver() {
        ReadingRequestState stage = new ReadingRequestState(peer);
        stage.expired();
        stage.read(head());
        assertEquals(List.of(), handed);
        assertFalse(socket.isOpen());
        assertEquals(0, peers.size());
    }

    @Test
    void aDeadlineThatIsLateEndsTheHandshakeThatFollowed() throws Exception {
        ReadingRequestState stage = new ReadingRequestState(peer);
        stage.read(head());
        stage.expired();
        assertFalse(socket.isOpen());
        Recorder recorder = new Recorder();
        handed.get(0).accept(AcceptOptions.builder().maxMessageBytes(4096).build(), recorder);
        recorder.expect("openFailed");
        assertTrue(recorder.events.isEmpty());
        assertEquals(0, peers.size());
    }
}
