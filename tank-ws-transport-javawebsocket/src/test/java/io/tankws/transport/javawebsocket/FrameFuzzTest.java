package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tankws.CloseStatus;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Any bytes in any pieces give the frames that a plain decoder reads, or a protocol violation, and no exception. */
class FrameFuzzTest {
    private static final int MAX_MESSAGE_BYTES = 300;
    private static final int MAX_FRAGMENTS = 4;

    @FuzzTest(maxDuration = "2m")
    void readsAsAPlainDecoderDoes(FuzzedDataProvider data) {
        List<Integer> cuts = new ArrayList<>();
        for (int count = data.consumeInt(0, 8); count > 0; count--) {
            cuts.add(data.consumeInt(1, 40));
        }
        byte[] bytes = data.consumeRemainingAsBytes();
        List<String> expected = PlainDecoder.decode(bytes.clone(), MAX_MESSAGE_BYTES, MAX_FRAGMENTS);
        assertEquals(expected, read(bytes, cuts));
    }

    private static List<String> read(byte[] bytes, List<Integer> cuts) {
        Heard heard = new Heard();
        FrameReader reader = new FrameReader(
                heard,
                AcceptOptions.builder()
                        .maxMessageBytes(MAX_MESSAGE_BYTES)
                        .maxFragments(MAX_FRAGMENTS)
                        .build());
        try {
            int from = 0;
            for (int piece = 0; from < bytes.length; piece++) {
                int size = piece < cuts.size() ? cuts.get(piece) : bytes.length;
                int count = Math.min(size, bytes.length - from);
                // A copy, because the reader unmasks in place.
                byte[] copy = Arrays.copyOfRange(bytes, from, from + count);
                CloseStatus closed = reader.read(ByteBuffer.wrap(copy));
                if (closed != null) {
                    heard.events.add("close " + closed.code() + " " + closed.reason());
                    return heard.events;
                }
                from += count;
            }
        } catch (ProtocolException e) {
            heard.events.add("breach " + e.closeStatus().code());
        }
        return heard.events;
    }

    /** A listener that records messages and checks that none exceeds the limit. */
    private static final class Heard implements ConnectionListener {
        final List<String> events = new ArrayList<>();

        private void add(String what, ByteBuffer payload) {
            assertTrue(payload.remaining() <= MAX_MESSAGE_BYTES);
            byte[] copy = new byte[payload.remaining()];
            payload.get(copy);
            events.add(what + " " + HexFormat.of().formatHex(copy));
        }

        @Override
        public void onText(ByteBuffer utf8) {
            add("text", utf8);
        }

        @Override
        public void onBinary(ByteBuffer payload) {
            add("binary", payload);
        }

        @Override
        public void onPing(ByteBuffer payload) {
            add("ping", payload);
        }

        @Override
        public void onPong(ByteBuffer payload) {
            add("pong", payload);
        }

        @Override
        public void onOpen(Connection connection) {}

        @Override
        public void onOpenFailed(Throwable cause) {}

        @Override
        public void onReadComplete() {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onPeerClose(Connection connection, CloseStatus status) {}

        @Override
        public void onClose(CloseStatus status) {}
    }
}
