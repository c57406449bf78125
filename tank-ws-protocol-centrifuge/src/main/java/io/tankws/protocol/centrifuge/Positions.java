package io.tankws.protocol.centrifuge;

import io.tankws.StreamPosition;

/** Positions as clients state them. */
final class Positions {
    /** A position that no history knows. Its epoch is longer than those of the stores. */
    static final StreamPosition UNKNOWN =
            new StreamPosition("~".repeat(StreamPosition.MAX_EPOCH_LENGTH), StreamPosition.MAX_OFFSET);

    private Positions() {}

    /** Returns a position, or {@link #UNKNOWN} for one that cannot exist. */
    static StreamPosition of(String epoch, long offset) {
        try {
            return new StreamPosition(epoch, offset);
        } catch (IllegalArgumentException outOfRange) {
            return UNKNOWN;
        }
    }
}
