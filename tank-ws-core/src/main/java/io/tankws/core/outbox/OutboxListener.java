package io.tankws.core.outbox;

import io.tankws.CloseStatus;

/** The session that an {@link Outbox} serves. */
public interface OutboxListener {
    /** Reports that an overflow has begun or ended. Called without a lock. */
    void onOverflow(String report);

    /** Requests the pages of the histories that the client has missed. Called without a lock. */
    void onCatchUp();

    /** Ends a subscription whose history has lost publications that the client has missed. Called without a lock. */
    void onInsufficientState(String topic);

    /** Reports that a write or the closing of the connection has failed. Called without a lock. */
    void onWriteFailed(Throwable cause);

    /**
     * Returns the status with which a connection closes that reads too slowly. Called under the outbox's lock.
     *
     * @param status status of the plain protocol
     */
    CloseStatus tooSlow(CloseStatus status);

    /** Returns whether the manager sends pings. Called under the outbox's lock. */
    boolean isHeartbeating();
}
