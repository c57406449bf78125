package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.CloseStatus;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {
    private static final int MAX_BYTES = 10;
    private static final int MAX_FRAGMENTS = 4;

    private final List<String> received = new ArrayList<>();
    private final MessageAssembler assembler = new MessageAssembler(
            new Recorder(),
            AcceptOptions.builder()
                    .maxMessageBytes(MAX_BYTES)
                    .maxFragments(MAX_FRAGMENTS)
                    .build());

    private void frame(int opcode, boolean fin, String payload) throws ProtocolException {
        frame(opcode, fin, payload.getBytes(StandardCharsets.UTF_8));
    }

    private void frame(int opcode, boolean fin, byte[] payload) throws ProtocolException {
        assembler.beginFrame(opcode, payload.length);
        assembler.payload(ByteBuffer.wrap(payload), fin);
    }

    private static int code(ProtocolException e) {
        return e.closeStatus().code();
    }

    @Test
    void deliversCompleteMessages() throws ProtocolException {
        frame(1, true, "one");
        frame(2, true, "two");
        frame(1, true, "");
        assertEquals(List.of("text one", "binary two", "text "), received);
    }

    @Test
    void joinsFragmentsAndPieces() throws ProtocolException {
        frame(1, false, "a");
        assembler.beginFrame(0, 4);
        assembler.payload(ByteBuffer.wrap(new byte[] {'b', (byte) 0xC3}), false);
        assembler.payload(ByteBuffer.wrap(new byte[] {(byte) 0xA9, 'c'}), false);
        frame(0, false, "");
        frame(0, true, "d");
        frame(2, true, "next");
        assertEquals(List.of("text abécd", "binary next"), received);
    }

    @Test
    void takesAMessageOfTheLargestSizeAndNotOneByteMore() throws ProtocolException {
        frame(2, true, "0123456789");
        frame(2, false, "01234");
        frame(0, true, "56789");
        assertEquals(2, received.size());
        assertEquals(1009, code(assertThrows(ProtocolException.class, () -> assembler.beginFrame(2, MAX_BYTES + 1))));
    }

    @Test
    void refusesALargeFragmentAtItsHeader() throws ProtocolException {
        frame(2, false, "012345");
        assertEquals(1009, code(assertThrows(ProtocolException.class, () -> assembler.beginFrame(0, 5))));
    }

    @Test
    void refusesALengthThatWouldOverflow() throws ProtocolException {
        frame(2, false, "0");
        assertEquals(1009, code(assertThrows(ProtocolException.class, () -> assembler.beginFrame(0, Long.MAX_VALUE))));
    }

    @Test
    void countsFragmentsEvenEmptyOnes() throws ProtocolException {
        frame(2, false, "");
        frame(0, false, "");
        frame(0, false, "");
        frame(0, true, "");
        assertEquals(List.of("binary "), received);
        frame(2, false, "");
        frame(0, false, "");
        frame(0, false, "");
        frame(0, false, "");
        assertEquals(1009, code(assertThrows(ProtocolException.class, () -> assembler.beginFrame(0, 0))));
    }

    @Test
    void refusesFramesOutOfOrder() throws ProtocolException {
        assertEquals(1002, code(assertThrows(ProtocolException.class, () -> assembler.beginFrame(0, 1))));
        frame(1, false, "a");
        assertEquals(1002, code(assertThrows(ProtocolException.class, () -> assembler.beginFrame(1, 1))));
    }

    @Test
    void failsFastOnTextThatIsNotUtf8() throws ProtocolException {
        assembler.beginFrame(1, 5);
        assertEquals(
                1007,
                code(assertThrows(
                        ProtocolException.class,
                        () -> assembler.payload(ByteBuffer.wrap(new byte[] {'a', (byte) 0xFF}), false))));
    }

    @Test
    void refusesTextThatEndsInACharacter() throws ProtocolException {
        assembler.beginFrame(1, 1);
        assertEquals(
                1007,
                code(assertThrows(
                        ProtocolException.class,
                        () -> assembler.payload(ByteBuffer.wrap(new byte[] {(byte) 0xC3}), true))));
    }

    @Test
    void refusesTextThatIsNotUtf8AcrossFragments() throws ProtocolException {
        frame(1, false, "");
        frame(0, false, new byte[] {(byte) 0xC3});
        assertEquals(1007, code(assertThrows(ProtocolException.class, () -> frame(0, true, new byte[] {0x28}))));
    }

    @Test
    void doesNotValidateBinaryMessages() throws ProtocolException {
        frame(1, true, "a");
        frame(2, true, new byte[] {(byte) 0xFF});
        frame(2, false, new byte[] {(byte) 0xFF});
        frame(0, true, new byte[] {(byte) 0xFF});
        assertEquals(3, received.size());
    }

    private final class Recorder implements ConnectionListener {
        @Override
        public void onOpen(Connection connection) {
            received.add("open");
        }

        @Override
        public void onOpenFailed(Throwable cause) {
            received.add("failed");
        }

        @Override
        public void onText(ByteBuffer utf8) {
            received.add("text " + StandardCharsets.UTF_8.decode(utf8));
        }

        @Override
        public void onBinary(ByteBuffer payload) {
            received.add("binary " + StandardCharsets.UTF_8.decode(payload));
        }

        @Override
        public void onPing(ByteBuffer payload) {
            received.add("ping");
        }

        @Override
        public void onPong(ByteBuffer payload) {
            received.add("pong");
        }

        @Override
        public void onReadComplete() {
            received.add("read");
        }

        @Override
        public void onError(Throwable cause) {
            received.add("error");
        }

        @Override
        public void onClose(CloseStatus status) {
            received.add("close");
        }
    }
}
