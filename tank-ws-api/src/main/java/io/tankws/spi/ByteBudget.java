package io.tankws.spi;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on the bytes that many connections hold together. Safe for use by several threads.
 *
 * <p>Not to be extended.
 */
public final class ByteBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /**
     * Creates a budget with no bytes taken.
     *
     * @param limit the maximum bytes taken at any time
     */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes, which {@link #give} must return, or takes nothing if fewer bytes remain.
     *
     * @param bytes not negative
     * @return {@code false} if nothing was taken
     */
    public boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= limit) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /**
     * Creates a share of this budget for one connection.
     *
     * @return a share with no bytes taken
     */
    public ByteShare share() {
        return new ByteShare(this);
    }

    /**
     * Returns bytes to the budget.
     *
     * @param bytes taken before
     */
    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /**
     * Returns the bytes taken now.
     *
     * @return bytes
     */
    public long taken() {
        return taken.get();
    }
}
