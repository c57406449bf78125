package io.tankws.transport.javawebsocket;

/**
 * The number of visits of the selector to keys that are not ready. The library does not remove a key from the selected
 * set after a write, and would visit all such keys in each round. A {@link java.nio.channels.CancelledKeyException}
 * makes it start a new round, before which the set can be cleared. Used by the selector's thread alone.
 */
final class SpuriousSelections {
    private static final int MAX_VISITS = 64;

    private int visits;

    /** Counts a visit, and returns whether to clear the selected set. */
    boolean count() {
        if (++visits < MAX_VISITS) {
            return false;
        }
        visits = 0;
        return true;
    }
}
