package io.tankws.spi.support;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * Frames on their way to a socket that takes as many bytes at a time as it likes, for transports that write them as they
 * are. Not safe for use by several threads.
 */
public final class FrameCursor {
    private final List<Frame> frames;
    private int index;
    private int offset;

    /**
     * Begins with the first byte of the first frame.
     *
     * @param frames must not change
     */
    public FrameCursor(List<Frame> frames) {
        this.frames = Objects.requireNonNull(frames, "frames");
    }

    /**
     * Tells whether all has been taken.
     *
     * @return whether no byte is left
     */
    public boolean isEmpty() {
        return index == frames.size();
    }

    /**
     * Copies what comes next, as far as it fits. It stays until {@link #advance}.
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
                ByteBuffer rest = frame.bytes().position(skip);
                target.put(rest.limit(skip + Math.min(rest.remaining(), target.remaining())));
            }
            skip = 0;
        }
    }

    /**
     * Returns what is left of the frame that comes next. It stays until {@link #advance}.
     *
     * @return a read-only view, new at each call, with at least one byte
     * @throws IndexOutOfBoundsException if nothing is left
     */
    public ByteBuffer next() {
        return frames.get(index).bytes().position(offset);
    }

    /**
     * Moves on behind what was taken.
     *
     * @param bytes their number; may be more than are left
     * @return how many of them were these frames'
     */
    public int advance(int bytes) {
        int rest = bytes;
        while (rest > 0 && index < frames.size()) {
            int left = frames.get(index).length() - offset;
            if (rest < left) {
                offset += rest;
                return bytes;
            }
            rest -= left;
            index++;
            offset = 0;
        }
        return bytes - rest;
    }
}
