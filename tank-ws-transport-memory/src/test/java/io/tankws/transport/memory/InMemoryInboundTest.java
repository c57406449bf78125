package io.tankws.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.transport.memory.InMemoryPeer.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryInboundTest extends InMemoryCase {
    @Test
    void messagesComeInOrderAndAFullStopEndsEachBatch() throws Exception {
        InMemoryPeer peer = open();
        List<String> expected =
                IntStream.range(0, 3000).mapToObj(i -> "text " + i).toList();
        for (int i = 0; i < 3000; i++) {
            send(peer, String.valueOf(i));
        }
        for (String message : expected) {
            assertEquals(message, listener.message());
        }
        await(() -> listener.calls.get(listener.calls.size() - 1).equals("."));
        assertEquals("open on tank-ws-in-memory", listener.calls.get(0));
        assertFalse(String.join("", listener.calls).contains(".."), "a batch without a message");
        assertNull(peer.receive(Duration.ZERO));
    }

    @Test
    void fragmentsComeAsOneMessageWithControlFramesAmongThem() throws Exception {
        InMemoryPeer peer = open();
        peer.send(1, false, bytes("he"));
        peer.send(9, true, bytes("p"));
        peer.send(0, false, bytes("ll"));
        peer.send(10, true, bytes("q"));
        peer.send(0, true, bytes("o"));
        peer.send(2, true, new byte[65536]);
        assertEquals("ping p", listener.message());
        assertEquals("pong q", listener.message());
        assertEquals("text hello", listener.message());
        assertEquals("binary 65536", listener.message());
    }

    @Test
    void aLaterChangeOfThePayloadByTheCallerHasNoEffect() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        byte[] payload = bytes("ok");
        peer.send(1, true, payload);
        payload[0] = '?';
        listener.connection().resumeReading();
        assertEquals("text ok", listener.message());
        assertEquals('k', payload[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "0, true, 1, 1002",
        "3, true, 1, 1002",
        "11, true, 1, 1002",
        "9, false, 1, 1002",
        "9, true, 126, 1002",
        "2, true, 65537, 1009"
    })
    void aFaultyFrameClosesWithItsCodeAfterTheValidFrames(int opcode, boolean fin, int size, int code)
            throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        send(peer, "sound");
        peer.send(opcode, fin, new byte[size]);
        send(peer, "late");
        listener.connection().resumeReading();
        assertFault(peer, code);
        assertEquals(List.of("text sound", ".", "error", "close " + code), listener.calls.subList(1, 5));
    }

    @Test
    void textThatIsNotUtf8ClosesWith1007() throws Exception {
        InMemoryPeer peer = open();
        peer.send(1, false, new byte[] {(byte) 0xC3});
        peer.send(0, true, new byte[] {'('});
        assertFault(peer, 1007);
    }

    @Test
    void tooManyFragmentsCloseWith1009() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        for (int i = 0; i <= PLAIN.maxFragments(); i++) {
            peer.send(i == 0 ? 1 : 0, false, bytes("x"));
        }
        listener.connection().resumeReading();
        assertFault(peer, 1009);
    }

    private void assertFault(InMemoryPeer peer, int code) throws Exception {
        CloseStatus status = listener.closeStatus();
        assertEquals(code, status.code());
        assertEquals(new Event.Closed(status, true), receive(peer));
        assertTrue(listener.calls.contains("error"));
        assertThrows(IOException.class, () -> send(peer, "gone"));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, -1})
    void onlyOpcodesOfOtherFramesThanCloseAreSent(int opcode) throws Exception {
        InMemoryPeer peer = open();
        assertThrows(IllegalArgumentException.class, () -> peer.send(opcode, true, new byte[0]));
    }

    @Test
    void framesWaitWhileReadingIsPaused() throws Exception {
        InMemoryPeer peer = open();
        listener.connection().pauseReading();
        for (int i = 0; i < 1024; i++) {
            send(peer, String.valueOf(i));
        }
        CompletableFuture<Void> blocked = CompletableFuture.runAsync(() -> {
            try {
                send(peer, "1024");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThrows(TimeoutException.class, () -> blocked.get(100, TimeUnit.MILLISECONDS));
        assertEquals(1, listener.calls.size(), listener.calls::toString);
        listener.connection().resumeReading();
        blocked.get(10, TimeUnit.SECONDS);
        for (int i = 0; i <= 1024; i++) {
            assertEquals("text " + i, listener.message());
        }
    }

    @Test
    void listenerThatPausesGetsNoFurtherMessage() throws Exception {
        RecordingListener pausing = new RecordingListener() {
            @Override
            public void onText(ByteBuffer utf8) {
                opened.join().pauseReading();
                super.onText(utf8);
            }
        };
        var address = start(handshake -> accept(handshake, pausing));
        InMemoryPeer peer = InMemoryPeer.connect(address, upgrade("/ws").build(), LONG);
        send(peer, "1");
        send(peer, "2");
        assertEquals("text 1", pausing.message());
        await(() -> pausing.calls.size() == 3);
        assertNull(pausing.messages.poll(100, TimeUnit.MILLISECONDS));
        pausing.connection().resumeReading();
        assertEquals("text 2", pausing.message());
    }

    @Test
    void listenerThatThrowsLosesItsConnectionAlone() throws Exception {
        RecordingListener throwing = new RecordingListener() {
            @Override
            public void onText(ByteBuffer utf8) {
                Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> failed.complete(thrown));
                throw new IllegalStateException("on purpose");
            }
        };
        var address = start(handshake -> accept(handshake, throwing));
        InMemoryPeer peer = InMemoryPeer.connect(address, upgrade("/ws").build(), LONG);
        send(peer, "1");
        assertEquals(CloseStatus.ABNORMAL, throwing.closeStatus());
        assertEquals("on purpose", throwing.failed.get(10, TimeUnit.SECONDS).getMessage());
        assertEquals(new Event.Closed(CloseStatus.ABNORMAL, false), receive(peer));
    }
}
