package io.tankws.transport.memory;

import io.tankws.Frame;
import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import io.tankws.transport.memory.InMemoryPeer.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** One transport with the path {@code /ws}, whose handler accepts with {@link #listener}. */
abstract class InMemoryCase {
    static final Duration LONG = Duration.ofSeconds(10);
    static final AcceptOptions PLAIN =
            AcceptOptions.builder().bufferSizes(4096, 16384).maxFragments(16).build();

    final RecordingListener listener = new RecordingListener();
    Transport transport;

    static Transport newTransport(int port) {
        return new InMemoryTransportProvider().create(TransportConfig.of("127.0.0.1", port));
    }

    InetSocketAddress start(HandshakeHandler handler) {
        transport = newTransport(0);
        transport.handle("/ws", handler);
        transport.start();
        return transport.address();
    }

    /** Starts the transport, connects a peer, and waits until its connection is open. */
    InMemoryPeer open() throws Exception {
        InetSocketAddress address = start(handshake -> accept(handshake, listener));
        InMemoryPeer peer = InMemoryPeer.connect(address, upgrade("/ws").build(), LONG);
        listener.connection();
        return peer;
    }

    static void accept(Handshake handshake, RecordingListener listener) {
        ((TransportHandshake) handshake).accept(PLAIN, listener);
    }

    static HandshakeRequest.Builder upgrade(String target) {
        return HandshakeRequest.builder(target, new InetSocketAddress("127.0.0.1", 1))
                .header("Host", "localhost")
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Frame text(String text) {
        return Frame.of(Frame.Opcode.TEXT, ByteBuffer.wrap(bytes(text)));
    }

    static Frame binary(int size) {
        return Frame.of(Frame.Opcode.BINARY, ByteBuffer.allocate(size));
    }

    static Event receive(InMemoryPeer peer) throws InterruptedException {
        return peer.receive(LONG);
    }

    static Event received(String text) {
        return new Event.Frame(1, ByteBuffer.wrap(bytes(text)));
    }

    static void send(InMemoryPeer peer, String text) throws IOException, InterruptedException {
        peer.send(1, true, bytes(text));
    }

    static void await(BooleanSupplier condition) {
        Await.until("the condition", condition);
    }

    @AfterEach
    void closeTransport() {
        if (transport != null) {
            transport.close(Duration.ZERO);
        }
    }
}
