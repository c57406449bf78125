package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.ServerLimits;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;

/** One transport with the path {@code /ws}, whose handler accepts with {@link #listener}. */
abstract class TransportTestBase {
    static final AcceptOptions PLAIN =
            AcceptOptions.builder().bufferSizes(4096, 16384).maxFragments(16).build();

    final RecordingListener listener = new RecordingListener();
    Transport transport;

    InetSocketAddress start(HandshakeHandler handler, ServerLimits limits) {
        transport = new JettyTransportProvider()
                .create(TransportConfig.of("127.0.0.1", 0).withLimits(limits));
        transport.handle("/ws", handler);
        transport.start();
        return transport.address();
    }

    InetSocketAddress start(HandshakeHandler handler) {
        return start(handler, ServerLimits.defaults());
    }

    InetSocketAddress start() {
        return start(accepting(PLAIN));
    }

    HandshakeHandler accepting(AcceptOptions acceptance) {
        return handshake -> accept(handshake, acceptance);
    }

    void accept(Handshake handshake, AcceptOptions acceptance) {
        ((TransportHandshake) handshake).accept(acceptance, listener);
    }

    static String exchange(InetSocketAddress address, String request) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(request);
            return client.readAll();
        }
    }

    /** Writes, and calls the callback also if the write is complete at once. */
    static void write(Connection connection, List<Frame> frames, Connection.WriteCallback callback) {
        if (connection.write(frames, callback)) {
            callback.onWritten(null);
        }
    }

    static Frame text(String text) {
        return Frame.of(Frame.Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            Assertions.assertTrue(System.nanoTime() < deadline, "condition not met in time");
            Thread.sleep(5);
        }
    }

    @AfterEach
    void closeTransport() {
        if (transport != null) {
            transport.close(Duration.ZERO);
        }
    }
}
