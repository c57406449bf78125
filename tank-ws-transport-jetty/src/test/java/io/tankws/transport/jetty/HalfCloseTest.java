package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets after the last byte of the server and before the last byte of the client. */
class HalfCloseTest extends TransportTestBase {
    private static final Frame BIG = Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(new byte[1 << 20]));
    private static final byte[] PONG = RawClient.frame(0x8A, "late");

    private final CompletableFuture<Connection> peerClosed = new CompletableFuture<>();
    private final RecordingListener patient = new RecordingListener() {
        @Override
        public void onPeerClose(Connection connection, CloseStatus status) {
            peerClosed.complete(connection);
        }
    };

    private RawClient open() throws Exception {
        start(handshake -> ((TransportHandshake) handshake).accept(PLAIN, patient));
        return RawClient.open(transport.address());
    }

    /** More bytes than the sockets hold, so the client's half ends before the write is complete. */
    private static CompletableFuture<Throwable> writeMuch(Connection connection) {
        CompletableFuture<Throwable> written = new CompletableFuture<>();
        write(connection, Collections.nCopies(16, BIG), written::complete);
        return written;
    }

    private static void readMuch(RawClient client) throws Exception {
        for (int i = 0; i < 16; i++) {
            assertEquals(1 << 20, client.read().payload().length);
        }
    }

    @Test
    void aClientThatEndsItsHalfAfterItsCloseGetsEverything() throws Exception {
        try (RawClient client = open()) {
            client.send(RawClient.close(1000));
            client.socket.shutdownOutput();
            Connection connection = peerClosed.get(10, TimeUnit.SECONDS);
            CompletableFuture<Throwable> written = writeMuch(connection);
            assertFalse(written.isDone());
            connection.close(CloseStatus.NORMAL);
            readMuch(client);
            assertEquals(1000, client.read().closeCode());
            assertEquals("", client.readAll());
            assertEquals(1000, patient.closeStatus().code());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 4000})
    void framesAfterTheCloseDoNotEndAWriteInFlight(int code) throws Exception {
        try (RawClient client = open()) {
            client.send(RawClient.close(code), PONG);
            Connection connection = peerClosed.get(10, TimeUnit.SECONDS);
            writeMuch(connection);
            connection.close(CloseStatus.NORMAL);
            client.send(PONG);
            readMuch(client);
            assertEquals(code, client.read().closeCode());
            client.send(PONG);
            assertEquals("", client.readAll());
            assertEquals(code, patient.closeStatus().code());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 4000})
    void framesAfterTheCloseCostNoCompressedMessage(int code) throws Exception {
        byte[] noise = new byte[1 << 18];
        new Random(code).nextBytes(noise);
        AcceptOptions compressed = AcceptOptions.builder()
                .compression(true)
                .bufferSizes(4096, 16384)
                .maxFragments(16)
                .build();
        start(handshake -> ((TransportHandshake) handshake).accept(compressed, patient));
        try (RawClient client = RawClient.open(transport.address(), "Sec-WebSocket-Extensions: permessage-deflate")) {
            client.send(RawClient.close(code), PONG);
            Connection connection = peerClosed.get(10, TimeUnit.SECONDS);
            Frame frame = Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(noise));
            write(connection, Collections.nCopies(16, frame), failure -> {});
            connection.close(CloseStatus.NORMAL);
            client.send(PONG);
            for (int i = 0; i < 16; i++) {
                assertEquals(0xC2, client.read().first());
            }
            assertEquals(code, client.read().closeCode());
            assertEquals("", client.readAll());
        }
    }

    @Test
    void ourCloseFrameThatCrossesTheClientsStillLeaves() throws Exception {
        try (RawClient client = open()) {
            Connection connection = patient.connection();
            writeMuch(connection);
            connection.close(new CloseStatus(4001, "ours"));
            client.send(RawClient.close(4002), PONG);
            await(() -> patient.calls.contains("."));
            connection.close(CloseStatus.NORMAL);
            readMuch(client);
            assertEquals(4001, client.read().closeCode());
            assertEquals("", client.readAll());
            assertEquals(4002, patient.closeStatus().code());
            assertFalse(peerClosed.isDone());
        }
    }

    @Test
    void aStuckClientThatCrossesOurCloseIsDisconnectedByAnAbort() throws Exception {
        try (RawClient client = open()) {
            Connection connection = patient.connection();
            CompletableFuture<Throwable> written = writeMuch(connection);
            connection.close(new CloseStatus(4001, "ours"));
            client.send(RawClient.close(4002));
            await(() -> patient.calls.contains("."));
            connection.abort();
            written.get(10, TimeUnit.SECONDS);
            patient.closeStatus();
            assertTrue(client.endsAfterMore());
        }
    }

    @Test
    void theListenerDoesNotWaitForAClientThatDoesNotEndItsHalf() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.close(1000));
            assertEquals(1000, client.read().closeCode());
            assertEquals("", client.readAll());
            assertEquals(1000, listener.closeStatus().code());
            // The socket is still open, and its input is discarded.
            client.send(PONG);
        }
    }

    @Test
    void aClientThatNeverEndsItsHalfIsDisconnected() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.close(1000));
            assertEquals(1000, client.read().closeCode());
            await(() -> openSockets() == 0);
        }
    }

    private int openSockets() {
        return ((JettyTransport) transport).openSockets();
    }
}
