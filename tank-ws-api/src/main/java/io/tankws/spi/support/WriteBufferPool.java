package io.tankws.spi.support;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool of direct buffers through which transports write frames to sockets. Safe for use by several threads,
 * including any number of virtual threads.
 *
 * <p>A writer holds a buffer only for the time of a system call, so that a peer that does not read holds no buffer.
 * Without this pool the JDK would copy each frame to a buffer of its own. A buffer keeps its content, so that the
 * same frames for thousands of peers are copied once.
 *
 * <p>For transports; not to be extended.
 */
public final class WriteBufferPool {
    /** The size of each buffer in bytes. Larger writes take several system calls. */
    public static final int BUFFER_BYTES = 32 * 1024;

    /**
     * The send buffer of each socket in bytes ({@code SO_SNDBUF}). Linux would let it grow to megabytes, and a slow
     * peer would have to read all of it before a ping or a close frame.
     */
    public static final int SEND_BUFFER_BYTES = 256 * 1024;

    private static final int MAX_IDLE_PER_PROCESSOR = 4;

    private final int maxIdle = MAX_IDLE_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
    private final ArrayDeque<WriteBuffer> idle = new ArrayDeque<>(maxIdle);

    /** Creates a pool without buffers. */
    public WriteBufferPool() {}

    /**
     * Takes a buffer from the pool, or creates one. {@link #release} must follow soon.
     *
     * @return the last buffer that was released, if there is one
     */
    public WriteBuffer acquire() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return new WriteBuffer();
    }

    /**
     * Returns a buffer to the pool, or drops it if the pool has four buffers for each processor.
     *
     * @param buffer no longer used by the caller
     */
    public void release(WriteBuffer buffer) {
        synchronized (idle) {
            if (idle.size() < maxIdle) {
                idle.push(buffer);
            }
        }
    }

    /** A buffer and its content. Not safe for use by several threads. */
    public static final class WriteBuffer {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);
        /**
         * The frames in the buffer, or {@code null}. The list never changes, so the same list means the same bytes.
         */
        private @Nullable List<Frame> content;

        private WriteBuffer() {}

        /**
         * Fills the buffer with frames, and copies nothing if it has them already.
         *
         * @param frames a list that never changes
         * @return the bytes to write, from position to limit; empty if the frames do not fit
         */
        public ByteBuffer fill(List<Frame> frames) {
            if (content == frames) {
                return bytes.rewind();
            }
            content = null;
            bytes.clear();
            for (int i = 0; i < frames.size(); i++) {
                Frame frame = frames.get(i);
                if (frame.length() > bytes.remaining()) {
                    return bytes.position(0).limit(0);
                }
                frame.copyTo(bytes);
            }
            content = frames;
            return bytes.flip();
        }

        /**
         * Fills the buffer with the next bytes of a cursor, as many as fit.
         *
         * @param cursor moves only with {@link FrameCursor#advance}
         * @return the bytes to write, from position to limit
         */
        public ByteBuffer fill(FrameCursor cursor) {
            content = null;
            cursor.copyTo(bytes.clear());
            return bytes.flip();
        }
    }
}
