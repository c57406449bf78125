package io.tankws.spi.support;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * A cursor over the bytes of frames that are written to a socket in as many steps as the socket needs. Not safe for
 * use by several threads.
 *
 * <p>For transports; not to be extended.
 */
public final class FrameCursor {
    private final List<Frame> frames;
    private int index;
    /** The number of bytes of the present frame that have been taken. */
    private int offset;

    /**
     * Creates a cursor at the first byte of the first frame.
     *
     * @param frames a list that never changes
     */
    public FrameCursor(List<Frame> frames) {
        this.frames = Objects.requireNonNull(frames, "frames");
    }

    /**
     * Returns whether all bytes have been taken.
     *
     * @return {@code false} if {@link #next} has a byte
     */
    public boolean isEmpty() {
        return index == frames.size();
    }

    /**
     * Copies the next bytes, as many as fit. The cursor moves only with {@link #advance}.
     *
     * @param target filled from its position on
     */
    public void copyTo(ByteBuffer target) {
        int skip = offset;
        for (int i = index; i < frames.size() && target.hasRemaining(); i++) {
            Frame frame = frames.get(i);
            if (skip == 0 && frame.length() <= target.remaining()) {
                frame.copyTo(target);
            } else {
                ByteBuffer part = frame.bytes().position(skip);
                target.put(part.limit(skip + Math.min(part.remaining(), target.remaining())));
            }
            skip = 0;
        }
    }

    /**
     * Returns the remaining bytes of the present frame. The cursor moves only with {@link #advance}.
     *
     * @return a new read-only view with at least one byte
     * @throws IndexOutOfBoundsException if no byte remains
     */
    public ByteBuffer next() {
        return frames.get(index).bytes().position(offset);
    }

    /**
     * Moves the cursor over bytes that the socket has taken.
     *
     * @param bytes the number of bytes, which may be more than remain
     * @return the number of bytes that belonged to these frames
     */
    public int advance(int bytes) {
        int remaining = bytes;
        while (remaining > 0 && index < frames.size()) {
            int ofFrame = frames.get(index).length() - offset;
            if (remaining < ofFrame) {
                offset += remaining;
                return bytes;
            }
            remaining -= ofFrame;
            index++;
            offset = 0;
        }
        return bytes - remaining;
    }
}
