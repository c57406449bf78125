package io.tankws.spi.support;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Direct buffers through which frames go to sockets, for transports that write them as they are.
 *
 * <p>A buffer is lent for the time of a system call: the JDK would copy each frame into one of its own, and a peer that
 * does not read must hold no buffer. It keeps what was copied to it: the same frames for thousands of peers are copied
 * once. Safe for use by several threads; writers may be virtual threads without number, so it is a pool.
 */
public final class WriteBufferPool {
    /** The size of each buffer in bytes; what is more takes several system calls. */
    public static final int BUFFER_BYTES = 32 * 1024;

    /**
     * The send buffer of each socket in bytes ({@code SO_SNDBUF}). Linux would let it grow to megabytes, and what a slow peer
     * has to read before a ping, or before our close frame, grows with it.
     */
    public static final int SEND_BUFFER_BYTES = 256 * 1024;

    /** How many buffers are kept that nobody uses, for each processor. */
    private static final int KEPT_FOR_EACH_PROCESSOR = 4;

    private final int mostKept = KEPT_FOR_EACH_PROCESSOR * Runtime.getRuntime().availableProcessors();
    private final ArrayDeque<WriteBuffer> kept = new ArrayDeque<>(mostKept);

    /** Keeps no buffer yet. */
    public WriteBufferPool() {}

    /**
     * Lends a buffer; {@link #release} must follow, soon.
     *
     * @return preferably the last that was given back
     */
    public WriteBuffer acquire() {
        synchronized (kept) {
            if (!kept.isEmpty()) {
                return kept.pop();
            }
        }
        return new WriteBuffer();
    }

    /**
     * Takes a buffer back.
     *
     * @param buffer not used any more
     */
    public void release(WriteBuffer buffer) {
        synchronized (kept) {
            if (kept.size() < mostKept) {
                kept.push(buffer);
            }
        }
    }

    /** A buffer and what it holds. Not safe for use by several threads. */
    public static final class WriteBuffer {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);
        /** Never changes, so the same list means the same bytes. */
        private List<Frame> held;

        private WriteBuffer() {}

        /**
         * Fills the buffer with all of some frames; nothing is copied if the same list was the last.
         *
         * @param frames must never change
         * @return from its position to its limit what is to be written, nothing if that is too much for one buffer
         */
        public ByteBuffer fill(List<Frame> frames) {
            if (held == frames) {
                return bytes.rewind();
            }
            held = null;
            bytes.clear();
            for (int i = 0; i < frames.size(); i++) {
                Frame frame = frames.get(i);
                if (frame.length() > bytes.remaining()) {
                    return bytes.position(0).limit(0);
                }
                frame.copyTo(bytes);
            }
            held = frames;
            return bytes.flip();
        }

        /**
         * Fills the buffer with what comes next in a batch, as far as it goes.
         *
         * @param batch stays as it is, until {@link FrameCursor#advance}
         * @return from its position to its limit what is to be written
         */
        public ByteBuffer fill(FrameCursor batch) {
            held = null;
            batch.copyTo(bytes.clear());
            return bytes.flip();
        }
    }
}
