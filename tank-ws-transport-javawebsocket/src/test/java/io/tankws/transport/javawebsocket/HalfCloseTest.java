package io.tankws.transport.javawebsocket;

import static io.tankws.transport.javawebsocket.RawClient.closePayload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sockets after the last byte of the server and before the last byte of the client. */
final class HalfCloseTest extends Fixture {
    private static final Frame BIG = Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(new byte[1 << 20]));
    private static final byte[] PONG = RawClient.frame(0x8A, new byte[] {1});

    private final CompletableFuture<Connection> peerClosed = new CompletableFuture<>();
    private final Recorder patient = new Recorder() {
        @Override
        public void onPeerClose(Connection connection, CloseStatus status) {
            peerClosed.complete(connection);
        }
    };

    private RawClient connected() throws Exception {
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), patient));
        RawClient client = client().send(RawClient.request(PATH));
        assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        patient.expect("open");
        return client;
    }

    /** More bytes than the sockets hold, so the client's half ends before the write is complete. */
    private static void writeMuch(Connection connection) {
        assertFalse(connection.write(Collections.nCopies(16, BIG), failure -> {}));
    }

    private static void readMuch(RawClient client) throws Exception {
        for (int i = 0; i < 16; i++) {
            assertEquals(1 << 20, client.readFrame().payload().length);
        }
    }

    @Test
    void aClientThatEndsItsHalfAfterItsCloseGetsEverything() throws Exception {
        try (RawClient client = connected()) {
            client.sendFrame(0x88, closePayload(1000, ""));
            client.socket.shutdownOutput();
            Connection connection = peerClosed.get(10, TimeUnit.SECONDS);
            writeMuch(connection);
            connection.close(CloseStatus.NORMAL);
            readMuch(client);
            assertEquals(1000, client.readFrame().closeCode());
            assertEquals("", client.readAll());
            assertEquals("1000 ", patient.closed());
        }
    }

    @Test
    void framesAfterTheCloseDoNotEndAWriteInFlight() throws Exception {
        try (RawClient client = connected()) {
            client.sendFrame(0x88, closePayload(1000, "")).send(PONG);
            Connection connection = peerClosed.get(10, TimeUnit.SECONDS);
            writeMuch(connection);
            connection.close(CloseStatus.NORMAL);
            client.send(PONG);
            readMuch(client);
            assertEquals(1000, client.readFrame().closeCode());
            client.send(PONG);
            assertEquals("", client.readAll());
        }
    }

    @Test
    void ourCloseFrameThatCrossesTheClientsStillLeaves() throws Exception {
        try (RawClient client = connected()) {
            Connection connection = patient.open();
            writeMuch(connection);
            connection.close(new CloseStatus(4001, "ours"));
            client.sendFrame(0x88, closePayload(4002, "")).send(PONG);
            await(() -> patient.reads.get() > 0);
            connection.close(CloseStatus.NORMAL);
            readMuch(client);
            assertEquals(4001, client.readFrame().closeCode());
            assertEquals("", client.readAll());
            assertEquals("4002 ", patient.closed());
        }
    }

    @Test
    void theListenerDoesNotWaitForAClientThatDoesNotEndItsHalf() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendFrame(0x88, closePayload(1000, ""));
            assertEquals(1000, client.readFrame().closeCode());
            assertEquals("", client.readAll());
            recorder.expect("close 1000 ");
            assertEquals(1, ((JavaWebSocketTransport) transport).peers());
        }
    }

    @Test
    void aClientThatNeverEndsItsHalfIsDisconnected() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendFrame(0x88, closePayload(1000, ""));
            assertEquals(1000, client.readFrame().closeCode());
            await(() -> ((JavaWebSocketTransport) transport).peers() == 0);
        }
    }

    @Test
    void aTransportThatClosesDoesNotWaitForItLong() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendFrame(0x88, closePayload(1000, ""));
            assertEquals(1000, client.readFrame().closeCode());
            recorder.expect("close 1000 ");
            transport.close(Duration.ofMinutes(10));
            assertEquals(0, threads());
        }
    }
}
