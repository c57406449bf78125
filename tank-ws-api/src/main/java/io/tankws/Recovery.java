package io.tankws;

import java.util.Objects;

/**
 * The outcome of a subscription that continues from a position. Immutable and thread-safe.
 *
 * <p>Created by the manager, and by tests of applications.
 */
public final class Recovery {
    private final Subscription subscription;
    private final StreamPosition position;
    private final boolean complete;
    private final int publications;

    /**
     * Creates an outcome.
     *
     * @param subscription the new subscription
     * @param position the position that the subscription continues from
     * @param complete whether every missed publication was queued
     * @param publications the number of publications that were queued, 0 if the recovery is not complete
     */
    public Recovery(Subscription subscription, StreamPosition position, boolean complete, int publications) {
        this.subscription = Objects.requireNonNull(subscription, "subscription");
        this.position = Objects.requireNonNull(position, "position");
        this.complete = complete;
        this.publications = publications;
    }

    /** {@return the new subscription} */
    public Subscription subscription() {
        return subscription;
    }

    /**
     * Returns the position of the newest publication at the time of the subscription. The client receives every later
     * one.
     *
     * @return the position, whose epoch is known
     */
    public StreamPosition position() {
        return position;
    }

    /**
     * Returns whether the client has missed nothing.
     *
     * @return {@code true} if every publication after the requested position was queued; {@code false} if none was,
     *     because the position is unknown, some of them are no longer kept, or the outbox has no room for them
     */
    public boolean isComplete() {
        return complete;
    }

    /** {@return the number of missed publications that were queued; 0 if the recovery is not complete} */
    public int publications() {
        return publications;
    }

    /** Returns topic, position and outcome. */
    @Override
    public String toString() {
        return "Recovery[" + subscription.topic() + " at " + position + ", "
                + (complete ? publications + " publications" : "not complete") + "]";
    }
}
