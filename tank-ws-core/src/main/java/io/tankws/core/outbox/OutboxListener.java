package io.tankws.core.outbox;

/** The session that an {@link Outbox} serves. */
public interface OutboxListener {
    /** Reports that an overflow has begun or ended. Called without a lock. */
    void onOverflow(String report);

    /** Reports that a write or the closing of the connection has failed. Called without a lock. */
    void onWriteFailed(Throwable cause);

    /** Returns whether the manager sends pings. Called under the outbox's lock. */
    boolean isHeartbeating();
}
