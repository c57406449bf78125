package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.Frame;
import io.tankws.HandshakeHandler;
import io.tankws.ServerLimits;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** A transport on a port of its own. */
abstract class Fixture {
    static final String PATH = "/ws";

    final Recorder recorder = new Recorder();
    final Transport transport = transport(0);

    ServerLimits limits() {
        return ServerLimits.defaults();
    }

    ClientLimits clientLimits() {
        return ClientLimits.defaults();
    }

    Transport transport(int port) {
        return new JavaWebSocketTransportProvider()
                .create(TransportConfig.of("127.0.0.1", port).withLimits(limits()));
    }

    @AfterEach
    void leavesNothing() {
        transport.close(Duration.ZERO);
        await(() -> threads() == 0);
    }

    static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tank-ws-java-websocket"))
                .count();
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not come true within 10 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    AcceptOptions acceptance() {
        return AcceptOptions.builder()
                .compression(true)
                .maxMessageBytes(clientLimits().maxMessageBytes())
                .maxFragments(clientLimits().maxFragments())
                .build();
    }

    void accepting() {
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), recorder));
    }

    void handling(HandshakeHandler handler) {
        transport.handle(PATH, handler);
        transport.start();
    }

    RawClient client() throws IOException {
        return new RawClient(transport.address());
    }

    RawClient upgraded() throws Exception {
        RawClient client = client().send(RawClient.request(PATH));
        assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        recorder.expect("open");
        return client;
    }

    static Frame text(String text) {
        return Frame.of(Frame.Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes, and returns the failure or empty. */
    static CompletableFuture<Optional<Throwable>> write(io.tankws.spi.Connection connection, Frame... frames) {
        CompletableFuture<Optional<Throwable>> result = new CompletableFuture<>();
        boolean written = connection.write(List.of(frames), failure -> {
            if (!result.complete(Optional.ofNullable(failure))) {
                throw new AssertionError("called back twice");
            }
        });
        if (written) {
            result.complete(Optional.empty());
        }
        return result;
    }
}
