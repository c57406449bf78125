package io.tankws.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import io.tankws.transport.memory.InMemoryPeer.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryOutboundTest extends InMemoryCase {
    private static CompletableFuture<Void> write(Connection connection, Frame... frames) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        connection.write(List.of(frames), failure -> {
            boolean first = failure == null ? written.complete(null) : written.completeExceptionally(failure);
            assertTrue(first, "called back twice");
        });
        return written;
    }

    private static Throwable failure(CompletableFuture<Void> written) {
        return assertThrows(ExecutionException.class, () -> written.get(10, TimeUnit.SECONDS))
                .getCause();
    }

    @Test
    void framesArriveInOrderAndTheWriteIsCalledBack() throws Exception {
        InMemoryPeer peer = open();
        Frame ping = Frame.of(Frame.Opcode.PING, ByteBuffer.allocate(0));
        write(listener.connection(), text("a"), ping, text("b")).get(10, TimeUnit.SECONDS);
        assertEquals(received("a"), receive(peer));
        assertEquals(new Event.Frame(9, ByteBuffer.allocate(0)), receive(peer));
        assertEquals(received("b"), receive(peer));
        assertNull(peer.receive(Duration.ZERO));
    }

    @Test
    void writeIsStuckWhileThePeerDoesNotRead() throws Exception {
        InMemoryPeer peer = open();
        Connection connection = listener.connection();
        peer.reading(false);
        // Header and payload fill the window to the last byte.
        write(connection, binary(65536 - 4)).get(10, TimeUnit.SECONDS);
        CompletableFuture<Void> stuck = write(connection, text("x"));
        assertThrows(IllegalStateException.class, () -> write(connection, text("y")));
        assertNull(peer.receive(Duration.ofMillis(50)));
        assertFalse(stuck.isDone());
        peer.reading(true);
        stuck.get(10, TimeUnit.SECONDS);
        assertEquals(65532, ((Event.Frame) receive(peer)).payload().remaining());
        assertEquals(received("x"), receive(peer));
    }

    @Test
    void frameLargerThanTheWindowPassesPieceByPiece() throws Exception {
        InMemoryPeer peer = open();
        peer.reading(false);
        CompletableFuture<Void> written = write(listener.connection(), binary(300_000), text("x"));
        assertFalse(written.isDone());
        peer.reading(true);
        written.get(10, TimeUnit.SECONDS);
        assertEquals(300_000, ((Event.Frame) receive(peer)).payload().remaining());
        assertEquals(received("x"), receive(peer));
    }

    @Test
    void peerThatNeverReceivesStopsToRead() throws Exception {
        InMemoryPeer peer = open();
        int writes = 0;
        CompletableFuture<Void> last = write(listener.connection(), binary(1 << 20));
        while (last.isDone()) {
            assertTrue(++writes < 20, "no bound");
            last = write(listener.connection(), binary(1 << 20));
        }
        assertEquals(1 << 20, ((Event.Frame) receive(peer)).payload().remaining());
        last.get(10, TimeUnit.SECONDS);
    }

    @Test
    void closeFrameGoesBehindTheWriteInFlight() throws Exception {
        InMemoryPeer peer = open();
        Connection connection = listener.connection();
        peer.reading(false);
        CompletableFuture<Void> stuck = write(connection, binary(100_000));
        CloseStatus status = new CloseStatus(4000, "bye");
        connection.close(status);
        connection.close(CloseStatus.NORMAL);
        assertFalse(stuck.isDone());
        peer.reading(true);
        stuck.get(10, TimeUnit.SECONDS);
        assertInstanceOf(Event.Frame.class, receive(peer));
        assertEquals(new Event.Closed(status, true), receive(peer));
        assertInstanceOf(IOException.class, failure(write(connection, text("late"))));
        assertFalse(listener.closed.isDone());
        peer.sendClose(new CloseStatus(4001, "too"));
        assertEquals(new CloseStatus(4001, "too"), listener.closeStatus());
        assertNull(peer.receive(Duration.ZERO));
    }

    @Test
    void closingConnectionReadsOnThoughPaused() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        send(peer, "before");
        peer.sendClose(CloseStatus.NORMAL);
        listener.connection().close(CloseStatus.GOING_AWAY);
        listener.connection().pauseReading();
        assertEquals("text before", listener.message());
        assertEquals(CloseStatus.NORMAL, listener.closeStatus());
        assertEquals(new Event.Closed(CloseStatus.GOING_AWAY, true), receive(peer));
    }

    @Test
    void closeFrameOfThePeerIsEchoed() throws Exception {
        InMemoryPeer peer = open();
        peer.sendClose(new CloseStatus(3000, "done"));
        assertEquals(new CloseStatus(3000, "done"), listener.closeStatus());
        assertEquals(new Event.Closed(new CloseStatus(3000, ""), true), receive(peer));
        assertEquals(List.of(".", "close 3000"), listener.calls.subList(1, 3));
    }

    @Test
    void emptyCloseFrameIsEchoedEmpty() throws Exception {
        InMemoryPeer peer = open();
        peer.sendClose(CloseStatus.NO_STATUS);
        assertEquals(CloseStatus.NO_STATUS, listener.closeStatus());
        assertEquals(new Event.Closed(CloseStatus.NO_STATUS, true), receive(peer));
    }

    @ParameterizedTest
    @ValueSource(ints = {1004, 1006, 1015, 2999})
    void closeCodeThatIsNeverSentBreaksTheProtocol(int code) throws Exception {
        InMemoryPeer peer = open();
        peer.sendClose(new CloseStatus(code, ""));
        assertEquals(1002, listener.closeStatus().code());
        assertEquals(1002, ((Event.Closed) receive(peer)).status().code());
    }

    @Test
    void abortFailsTheWriteAndTellsBothSides() throws Exception {
        InMemoryPeer peer = open();
        peer.reading(false);
        CompletableFuture<Void> stuck = write(listener.connection(), binary(100_000));
        listener.connection().abort();
        listener.connection().abort();
        assertInstanceOf(IOException.class, failure(stuck));
        assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
        peer.reading(true);
        assertEquals(new Event.Closed(CloseStatus.ABNORMAL, false), receive(peer));
        assertThrows(IOException.class, () -> send(peer, "gone"));
    }

    @Test
    void abortEndsACloseHandshakeWithoutAReply() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().close(CloseStatus.NORMAL);
        assertEquals(new Event.Closed(CloseStatus.NORMAL, true), receive(peer));
        listener.connection().abort();
        assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
        assertNull(peer.receive(Duration.ZERO));
    }

    @Test
    void peerThatDisconnectsFailsTheWriteAndClosesAbnormally() throws Exception {
        InMemoryPeer peer = open();
        peer.reading(false);
        CompletableFuture<Void> stuck = write(listener.connection(), binary(100_000));
        send(peer, "last words");
        peer.disconnect();
        assertInstanceOf(IOException.class, failure(stuck));
        assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
        assertEquals("text last words", listener.message());
        assertEquals("close 1006", listener.calls.get(listener.calls.size() - 1));
    }

    @Test
    void pausedConnectionLearnsOfADisconnect() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        send(peer, "never read");
        peer.close();
        assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
        assertEquals(2, listener.calls.size(), listener.calls::toString);
    }

    @Test
    void faultyPeerThatDoesNotReadIsClosed() throws Exception {
        InMemoryPeer peer = open();
        peer.reading(false);
        write(listener.connection(), binary(65536 - 4)).get(10, TimeUnit.SECONDS);
        peer.send(3, true, new byte[0]);
        assertEquals(1002, listener.closeStatus().code());
        peer.reading(true);
        assertInstanceOf(Event.Frame.class, receive(peer));
        assertEquals(1002, ((Event.Closed) receive(peer)).status().code());
    }

    @Test
    void peerThatDoesNotWaitForTheEchoClosesWithItsStatus() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        peer.sendClose(CloseStatus.GOING_AWAY);
        send(peer, "ignored");
        listener.connection().resumeReading();
        peer.disconnect();
        CloseStatus status = listener.closeStatus();
        assertEquals(CloseStatus.GOING_AWAY, status);
        assertTrue(listener.messages.isEmpty());
    }
}
