package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.spi.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.jspecify.annotations.Nullable;

/**
 * The decompression of one client's messages (RFC 7692 section 7.2.2), chunk by chunk, so that the receiver can stop at
 * its limit.
 *
 * <p>{@link Inflater} ends at a final block and then discards its window, but a message may have blocks after a final
 * one, and later messages may refer to earlier ones. So this class keeps the window. Each message, and each run of
 * blocks up to a final one, is inflated as a stream that starts with the window. Between messages a client holds no
 * inflater.
 *
 * <p>One thread inflates at a time. Any thread may call {@link #close}.
 */
@SuppressWarnings("NullAway") // a message in progress has a chunk
final class MessageInflater {
    /**
     * The limit of final blocks in a message. A message with more is rejected with 1009: each costs as much as a
     * window.
     */
    static final int MAX_FINAL_BLOCKS = 1024;

    private static final int CHUNK_BYTES = 8 * 1024;

    /** The end that each sender removes from a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    /** A final block without data, at which an inflater ends if all blocks before it are whole. */
    private static final byte[] FINAL_BLOCK = {1, 0, 0, (byte) 0xFF, (byte) 0xFF};

    private final InflaterPool pool;
    private final boolean takeover;
    private final SlidingWindow window = new SlidingWindow();

    /** The inflater of the current message, or {@code null}. Guarded by this object, because of {@link #close}. */
    private CompressionPool<Inflater>.@Nullable Entry entry;

    /** Guarded by this object. */
    private boolean closed;

    /** The output of the current message; {@code null} between messages. */
    private byte @Nullable [] chunk;

    /** The number of bytes in the chunk. */
    private int used;

    /** The number of bytes of the chunk that are in the window. */
    private int remembered;

    /** The number of final blocks in the current message. */
    private int finalBlocks;

    /** The receiver of inflated chunks. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Takes a chunk.
         *
         * @param bytes reused after the call
         * @param last whether the message ends with this chunk
         * @throws ProtocolException if the receiver rejects the message
         */
        void take(ByteBuffer bytes, boolean last) throws ProtocolException;
    }

    MessageInflater(InflaterPool pool, boolean takeover) {
        this.pool = pool;
        this.takeover = takeover;
    }

    /**
     * Inflates a piece of a message.
     *
     * @param last whether the message ends with this piece
     * @throws ProtocolException if section 7.2.1 does not let a sender produce the data (1007), if it has too many
     *     final blocks (1009), or if the receiver rejects it
     */
    void inflate(ByteBuffer payload, boolean last, Receiver receiver) throws ProtocolException {
        if (chunk == null) {
            chunk = new byte[CHUNK_BYTES];
        }
        feed(payload, receiver);
        if (!last) {
            if (used > 0) {
                emit(receiver);
            }
            return;
        }
        if (isWhole()) {
            endMessage(receiver);
        }
    }

    private void feed(ByteBuffer input, Receiver receiver) throws ProtocolException {
        boolean more;
        do {
            more = step(input);
            if (used == chunk.length) {
                emit(receiver);
            }
        } while (more);
    }

    /** Inflates as much as fits into the chunk, up to the next final block. Returns whether there may be more. */
    private synchronized boolean step(ByteBuffer input) throws ProtocolException {
        if (closed) {
            return false;
        }
        Inflater inflater = inflater();
        if (inflater.finished()) {
            if (!input.hasRemaining()) {
                return false;
            }
            restart(inflater);
        }
        try {
            inflater.setInput(input);
            used += inflater.inflate(chunk, used, chunk.length - used);
        } catch (DataFormatException e) {
            throw invalid();
        }
        return used == chunk.length || inflater.finished() && input.hasRemaining();
    }

    private Inflater inflater() {
        if (entry == null) {
            entry = pool.acquire();
            window.restoreTo(entry.get());
        }
        return entry.get();
    }

    private void restart(Inflater inflater) throws ProtocolException {
        if (++finalBlocks > MAX_FINAL_BLOCKS) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "more than " + MAX_FINAL_BLOCKS + " final blocks");
        }
        remember();
        inflater.reset();
        window.restoreTo(inflater);
    }

    /**
     * Inflates the end that the sender has removed. It must hold no data and must complete the last block. Otherwise
     * the message is truncated, and the inflater would read the missing bytes from the end and from the next message.
     *
     * @return {@code false} if this inflater was closed before the end
     */
    private synchronized boolean isWhole() throws ProtocolException {
        int before = used;
        complete(TAIL);
        if (!closed && !inflater().finished()) {
            complete(FINAL_BLOCK);
        }
        if (!closed && (used != before || !inflater().finished())) {
            throw invalid();
        }
        return !closed;
    }

    private void complete(byte[] end) throws ProtocolException {
        int before = used;
        ByteBuffer input = ByteBuffer.wrap(end);
        boolean more = true;
        while (more && used == before) {
            more = step(input);
        }
    }

    private void endMessage(Receiver receiver) throws ProtocolException {
        if (takeover) {
            remember();
        } else {
            window.clear();
        }
        releaseInflater();
        int size = used;
        byte[] bytes = chunk;
        chunk = null;
        used = 0;
        remembered = 0;
        finalBlocks = 0;
        receiver.take(ByteBuffer.wrap(bytes, 0, size), true);
    }

    private void emit(Receiver receiver) throws ProtocolException {
        remember();
        int size = used;
        used = 0;
        remembered = 0;
        receiver.take(ByteBuffer.wrap(chunk, 0, size), false);
    }

    private void remember() {
        if (used > remembered) {
            window.add(chunk, remembered, used);
            remembered = used;
        }
    }

    private static ProtocolException invalid() {
        return new ProtocolException(CloseStatus.INVALID_PAYLOAD, "compressed data is invalid");
    }

    private synchronized void releaseInflater() {
        if (entry != null) {
            entry.release();
            entry = null;
        }
    }

    /** Releases the inflater. A message in progress is never completed. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        releaseInflater();
    }
}
