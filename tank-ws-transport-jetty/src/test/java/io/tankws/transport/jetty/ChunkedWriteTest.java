package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class ChunkedWriteTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int largest;
    private long failAfter = Long.MAX_VALUE;
    private boolean succeeded;
    private Throwable failure;

    private final ByteArrayEndPoint socket = new ByteArrayEndPoint() {
        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            for (ByteBuffer buffer : buffers) {
                largest = Math.max(largest, buffer.remaining());
                if (out.size() >= failAfter) {
                    throw new IOException("on purpose");
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                out.writeBytes(bytes);
            }
            return true;
        }
    };

    private final Callback callback = new Callback() {
        @Override
        public void succeeded() {
            succeeded = true;
        }

        @Override
        public void failed(Throwable cause) {
            failure = cause;
        }
    };

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void givesTheSocketOnlySmallPieces() {
        byte[] message = random(1_000_003);
        ByteBuffer[] buffers = {ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.allocate(0), ByteBuffer.wrap(message)};
        new ChunkedWrite(socket, callback, buffers, new WriteSerializer()).iterate();
        assertTrue(succeeded);
        assertEquals(ChunkedWrite.CHUNK_BYTES, largest);
        byte[] expected = ByteBuffer.allocate(1_000_005)
                .put((byte) 1)
                .put((byte) 2)
                .put(message)
                .array();
        assertArrayEquals(expected, out.toByteArray());
        assertEquals(1_000_003, buffers[2].limit());
    }

    @Test
    void reportsAFailureOnceAndReturnsTheBuffer() {
        failAfter = 100_000;
        ByteBuffer buffer = ByteBuffer.wrap(random(300_000));
        new ChunkedWrite(socket, callback, new ByteBuffer[] {buffer}, new WriteSerializer()).iterate();
        assertFalse(succeeded);
        assertEquals("on purpose", failure.getMessage());
        assertEquals(300_000, buffer.limit());
    }
}
