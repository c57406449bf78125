package io.tankws.transport.javawebsocket;

/**
 * Counts how often the selector looked at a key for nothing. The library does not take keys out of the selected set
 * when it has written, and would look at all of them in each round, for ever. It cannot be told; but a
 * {@link java.nio.channels.CancelledKeyException} makes it start a new round, before which the set can be cleared. Used
 * by the selector alone.
 */
final class SpuriousSelections {
    private static final int ENOUGH = 64;

    private int visits;

    /** Counts one, and tells whether it is time to clear. */
    boolean count() {
        if (++visits < ENOUGH) {
            return false;
        }
        visits = 0;
        return true;
    }
}
