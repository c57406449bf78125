package io.tankws.spi;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on bytes that many connections hold together. Safe for use by several threads. */
public final class ByteBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /**
     * Creates a budget of which nothing is taken.
     *
     * @param limit the bytes that may be taken at any time
     */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes, which {@link #give} must return, or takes nothing if fewer are left.
     *
     * @param bytes not negative
     * @return whether they were taken
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
     * @return a share of which nothing is taken
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
     * Returns how much is taken.
     *
     * @return bytes
     */
    public long taken() {
        return taken.get();
    }
}
