package io.tankws;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A position in the stream of publications of one topic.
 *
 * <p>The offset counts the publications of the topic that are kept in its history: the first one has offset 1, and
 * each later one has the next number. Offset 0 is the position before the first publication.
 *
 * <p>The epoch names one life of the stream. Within one epoch, an offset always means the same publication. A new
 * epoch begins whenever offsets may be given a second time: after a restart of a store in memory, after the loss of a
 * store's data, and after the eviction of the topic. Positions of different epochs cannot be compared.
 *
 * @param epoch 1 to {@link #MAX_EPOCH_LENGTH} printable ASCII characters, or {@link #UNKNOWN_EPOCH}
 * @param offset 0 to {@link #MAX_OFFSET}
 */
public record StreamPosition(String epoch, long offset) {
    /** The largest offset, 2^53 - 1, which is the largest integer that every JavaScript client can represent. */
    public static final long MAX_OFFSET = (1L << 53) - 1;

    /** The maximum length of an epoch in characters. */
    public static final int MAX_EPOCH_LENGTH = 64;

    /** The epoch of a position in a stream that the holder of the position does not know yet. */
    public static final String UNKNOWN_EPOCH = "";

    /** The position of a publication that is not kept. It has no epoch and offset 0. */
    public static final StreamPosition NONE = new StreamPosition(UNKNOWN_EPOCH, 0);

    /**
     * Creates a position.
     *
     * @param epoch 1 to {@link #MAX_EPOCH_LENGTH} printable ASCII characters, or {@link #UNKNOWN_EPOCH}
     * @param offset 0 to {@link #MAX_OFFSET}
     * @throws IllegalArgumentException if the epoch or the offset is out of range
     */
    public StreamPosition {
        if (epoch.length() > MAX_EPOCH_LENGTH) {
            throw new IllegalArgumentException(
                    "epoch must have at most " + MAX_EPOCH_LENGTH + " characters, but had " + epoch.length());
        }
        for (int i = 0; i < epoch.length(); i++) {
            char c = epoch.charAt(i);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException(
                        "epoch must be printable ASCII, but had U+" + String.format("%04X", (int) c));
            }
        }
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException("offset must be 0 to " + MAX_OFFSET + ", but was " + offset);
        }
    }

    /**
     * Returns whether the epoch is known. A position of an unknown epoch fits every epoch.
     *
     * @return {@code false} if the epoch is {@link #UNKNOWN_EPOCH}
     */
    public boolean hasKnownEpoch() {
        return !epoch.isEmpty();
    }

    // Java 17 keeps the class of the last record whose generated equals was linked, as in CloseStatus.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamPosition position
                && offset == position.offset
                && Objects.equals(epoch, position.epoch);
    }

    @Override
    public int hashCode() {
        return 31 * epoch.hashCode() + Long.hashCode(offset);
    }

    /** Returns epoch and offset, joined by a colon. */
    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
