package io.tankws.transport.jetty;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.jspecify.annotations.Nullable;

/**
 * The compression of the messages to one client (RFC 7692 section 7.2.1). Without context takeover a client holds a
 * deflater only while a message is compressed. Safe for use by several threads.
 */
final class MessageDeflater {
    private static final int TAIL_BYTES = 4;

    /** More bytes than a flush needs. With fewer, the flush would be repeated. */
    private static final int SPARE_BYTES = 64;

    /**
     * The compressed empty message: the first byte of a block without data, whose rest is the tail (section 7.2.3.6).
     */
    private static final byte[] NO_DATA = {0};

    private final DeflaterPool pool;
    private final boolean takeover;
    private CompressionPool<Deflater>.@Nullable Entry entry;
    private boolean closed;

    MessageDeflater(DeflaterPool pool, boolean takeover) {
        this.pool = pool;
        this.takeover = takeover;
    }

    /** Returns the payload of the compressed message, or {@code null} if this deflater is closed. */
    synchronized @Nullable ByteBuffer deflate(ByteBuffer message) {
        if (closed) {
            return null;
        }
        if (entry == null) {
            entry = pool.acquire();
        }
        Deflater deflater = entry.get();
        deflater.setInput(message.duplicate());
        byte[] bytes = new byte[message.remaining() / 2 + SPARE_BYTES];
        int length = deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH);
        while (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            length += deflater.deflate(bytes, length, bytes.length - length, Deflater.SYNC_FLUSH);
        }
        deflater.setInput(NO_DATA, 0, 0);
        if (!takeover) {
            release();
        }
        return length <= TAIL_BYTES ? ByteBuffer.wrap(NO_DATA) : ByteBuffer.wrap(bytes, 0, length - TAIL_BYTES);
    }

    private void release() {
        if (entry != null) {
            entry.release();
            entry = null;
        }
    }

    synchronized void close() {
        closed = true;
        release();
    }
}
