package io.tankws.spi;

/**
 * The bytes that one connection has taken of a {@link ByteBudget}. Its owner closes it when the connection ends, whatever the
 * transport still holds. Safe for use by several threads.
 */
public final class ByteShare {
    private final ByteBudget budget;
    private long taken;
    private boolean closed;

    ByteShare(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Takes bytes, or takes nothing if fewer remain or this is closed.
     *
     * @param bytes not negative
     * @return whether they were taken
     */
    public synchronized boolean take(long bytes) {
        if (closed || !budget.take(bytes)) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /**
     * Returns bytes to the budget. Returns nothing if this is closed, because all bytes have been returned then.
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
