package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCursorTest {
    private static final List<Frame> FRAMES = List.of(
            frame(0), frame(125), frame(126), frame(65535), frame(1), frame(65536), frame(0), frame(200_000), frame(7));

    private static Frame frame(int size) {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        return Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(payload));
    }

    private static byte[] wire() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Frame frame : FRAMES) {
            byte[] bytes = new byte[frame.length()];
            frame.bytes().get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static void append(ByteArrayOutputStream out, ByteBuffer buffer, int count) {
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        out.writeBytes(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 4096, 65536, 1 << 20})
    void buffersOfAnySizeBringEveryByteOnce(int size) {
        FrameCursor cursor = new FrameCursor(FRAMES);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        while (!cursor.isEmpty()) {
            cursor.copyTo(buffer.clear());
            int count = buffer.flip().remaining();
            append(out, buffer, count);
            assertEquals(count, cursor.advance(count));
        }
        assertArrayEquals(wire(), out.toByteArray());
    }

    @Test
    void returnsTheSameBytesUntilTheyAreTaken() {
        Random random = new Random(1);
        FrameCursor cursor = new FrameCursor(FRAMES);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (!cursor.isEmpty()) {
            ByteBuffer buffer;
            if (random.nextBoolean()) {
                buffer = ByteBuffer.allocate(1 + random.nextInt(40_000));
                cursor.copyTo(buffer);
                buffer.flip();
            } else {
                buffer = cursor.next();
                assertTrue(buffer.hasRemaining());
            }
            int taken = random.nextInt(buffer.remaining() + 1);
            append(out, buffer, taken);
            assertEquals(taken, cursor.advance(taken));
        }
        assertArrayEquals(wire(), out.toByteArray());
    }

    @Test
    void takesNoMoreThanItHas() {
        FrameCursor cursor = new FrameCursor(FRAMES);
        assertEquals(0, cursor.advance(0));
        assertEquals(wire().length, cursor.advance(wire().length + 5));
        assertTrue(cursor.isEmpty());
        assertEquals(0, cursor.advance(1));
        ByteBuffer buffer = ByteBuffer.allocate(1);
        cursor.copyTo(buffer);
        assertEquals(1, buffer.remaining());
        assertThrows(IndexOutOfBoundsException.class, cursor::next);
        assertTrue(new FrameCursor(List.of()).isEmpty());
    }
}
