package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.spi.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.InflaterPool;

/**
 * Inflates the messages of one client as RFC 7692 section 7.2.2 has it, chunk by chunk, so that the receiver can stop at
 * its limit.
 *
 * <p>{@link Inflater} ends at a final block and forgets its window then, but a message may have blocks after a final one
 * and later messages may refer to earlier ones. So the window is kept here, and each message, like each run of blocks
 * up to a final one, is a stream of its own that starts with that window. Between messages a client holds no inflater.
 *
 * <p>One thread inflates at a time; {@link #close} may come from any thread.
 */
final class MessageInflater {
    /** When a message has more final blocks, it is refused with 1009: each of them costs as much as a whole window. */
    static final int MAX_FINAL_BLOCKS = 1024;

    private static final int CHUNK_BYTES = 8 * 1024;
    /** The end that each sender removes from a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    /** A final block without data: an inflater ends with it if all blocks before it are whole. */
    private static final byte[] FINAL_BLOCK = {1, 0, 0, (byte) 0xFF, (byte) 0xFF};

    private final InflaterPool pool;
    private final boolean takeover;
    private final SlidingWindow window = new SlidingWindow();
    /** {@code null} between messages. Guarded, as the next, by this object, for the sake of {@link #close}. */
    private CompressionPool<Inflater>.Entry entry;

    private boolean closed;

    // Of the message that is being inflated.
    private byte[] chunk;
    private int used;
    private int remembered;
    private int finalBlocks;

    /** Receives what was inflated. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Takes a chunk.
         *
         * @param bytes reused after the call
         * @param last whether the message ends with this chunk
         * @throws ProtocolException if the message is refused
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
     * @throws ProtocolException if the data is not what section 7.2.1 lets a sender produce (1007), has too many final
     *     blocks (1009), or the receiver refuses it
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

    /** Inflates what fits into the chunk, up to the next final block, and returns whether there may be more. */
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
            window.give(entry.get());
        }
        return entry.get();
    }

    private void restart(Inflater inflater) throws ProtocolException {
        if (++finalBlocks > MAX_FINAL_BLOCKS) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "more than " + MAX_FINAL_BLOCKS + " final blocks");
        }
        remember();
        inflater.reset();
        window.give(inflater);
    }

    /**
     * Inflates the end that the sender has removed. It must hold no data and must complete the last block, or the message
     * was cut: what is missing would be taken from the end, and from the next message.
     *
     * @return {@code false} if this was closed before the end
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

    /** Releases all. A message that has not been inflated in full is never received in full. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        releaseInflater();
    }
}
