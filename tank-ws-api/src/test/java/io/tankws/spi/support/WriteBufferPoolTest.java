package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tankws.Frame;
import io.tankws.spi.support.WriteBufferPool.WriteBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteBufferPoolTest {
    private final WriteBufferPool buffers = new WriteBufferPool();

    private static Frame frame(String text) {
        return Frame.of(Frame.Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Frame frame(int size) {
        return frame("x".repeat(size));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    @Test
    void lendsEachBufferToOneAtATime() {
        WriteBuffer first = buffers.acquire();
        assertNotSame(first, buffers.acquire());
        buffers.release(first);
        assertSame(first, buffers.acquire());
    }

    @Test
    void keepsSoManyAtMost() {
        int most = 4 * Runtime.getRuntime().availableProcessors();
        List<WriteBuffer> lent = new ArrayList<>();
        for (int i = 0; i <= most; i++) {
            lent.add(buffers.acquire());
        }
        lent.forEach(buffers::release);
        Set<WriteBuffer> kept = new HashSet<>();
        for (int i = 0; i <= most; i++) {
            kept.add(buffers.acquire());
        }
        kept.retainAll(lent);
        assertEquals(most, kept.size());
    }

    @Test
    void fillsWithTheGivenFrames() {
        WriteBuffer buffer = buffers.acquire();
        List<Frame> two = List.of(frame("ab"), frame("c"));
        assertEquals("\u0081\2ab\u0081\1c", text(buffer.fill(two)));
        assertEquals("\u0081\2ab\u0081\1c", text(buffer.fill(two)), "again, as it was read to its end");
        assertEquals("\u0081\1d", text(buffer.fill(List.of(frame("d")))));
        assertEquals("\u0081\2ab\u0081\1c", text(buffer.fill(two)));
    }

    @Test
    void equalIsNotTheSame() {
        WriteBuffer buffer = buffers.acquire();
        Frame frame = frame("a");
        List<Frame> list = List.of(frame);
        buffer.fill(list);
        assertEquals("\u0081\1a", text(buffer.fill(List.of(frame))));
        assertEquals("\u0081\1a", text(buffer.fill(list)));
    }

    @Test
    void copiesAgainAfterTheBytesOfACursor() {
        WriteBuffer buffer = buffers.acquire();
        List<Frame> list = List.of(frame("abc"));
        buffer.fill(list);
        FrameCursor cursor = new FrameCursor(list);
        cursor.advance(3);
        assertEquals("bc", text(buffer.fill(cursor)));
        assertEquals("\u0081\3abc", text(buffer.fill(list)));
    }

    @Test
    void holdsAllOrNothing() {
        WriteBuffer buffer = buffers.acquire();
        List<Frame> fits = List.of(frame(10), frame(WriteBufferPool.BUFFER_BYTES - 12 - 4));
        assertEquals(WriteBufferPool.BUFFER_BYTES, buffer.fill(fits).remaining());
        List<Frame> excessive = List.of(frame(10), frame(WriteBufferPool.BUFFER_BYTES - 12 - 3));
        for (int i = 0; i < 2; i++) {
            assertFalse(buffer.fill(excessive).hasRemaining());
        }
        assertEquals(WriteBufferPool.BUFFER_BYTES, buffer.fill(fits).remaining());
        FrameCursor cursor = new FrameCursor(excessive);
        ByteBuffer most = buffer.fill(cursor);
        assertEquals(WriteBufferPool.BUFFER_BYTES, most.remaining());
        cursor.advance(most.remaining());
        assertEquals("x", text(buffer.fill(cursor)));
    }
}
