package io.tankws.spi;

/**
 * The bytes that one connection has taken from a {@link ByteBudget}. Its owner closes it when the connection ends,
 * even if the transport still holds buffers. Safe for use by several threads.
 *
 * <p>Not to be extended.
 */
public final class ByteShare {
    private final ByteBudget budget;
    private long taken;
    private boolean closed;

    ByteShare(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Takes bytes, or takes nothing if fewer bytes remain or this share is closed.
     *
     * @param bytes not negative
     * @return {@code false} if nothing was taken
     */
    public synchronized boolean take(long bytes) {
        if (closed || !budget.take(bytes)) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /**
     * Returns bytes to the budget. Has no effect on a closed share, which has returned all bytes.
     *
     * @param bytes taken before
     */
    public synchronized void give(long bytes) {
        if (!closed) {
            taken -= bytes;
            budget.give(bytes);
        }
    }

    /** Returns all bytes to the budget. Later calls have no effect. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            budget.give(taken);
        }
    }
}
