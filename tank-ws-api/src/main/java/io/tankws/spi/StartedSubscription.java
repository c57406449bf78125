package io.tankws.spi;

import io.tankws.Publication;
import io.tankws.StreamPosition;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import java.util.List;
import java.util.Objects;

/** The state of a subscription at its start, for the reply of a protocol. Created by the manager. Immutable. */
public final class StartedSubscription {
    private final String topic;
    private final TopicOptions options;
    private final TopicDecision.Allowed permission;
    private final StreamPosition position;
    private final boolean recovered;
    private final List<Publication> publications;

    /**
     * Creates a state. For the manager and for tests of protocols.
     *
     * @param topic the topic
     * @param options the options of the topic
     * @param permission the decision of the authorizer
     * @param position the position of the newest publication
     * @param recovered whether the client has missed nothing
     * @param publications the publications that precede the first live one; copied
     */
    public StartedSubscription(
            String topic,
            TopicOptions options,
            TopicDecision.Allowed permission,
            StreamPosition position,
            boolean recovered,
            List<Publication> publications) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.options = Objects.requireNonNull(options, "options");
        this.permission = Objects.requireNonNull(permission, "permission");
        this.position = Objects.requireNonNull(position, "position");
        this.recovered = recovered;
        this.publications = List.copyOf(publications);
    }

    /** {@return the topic} */
    public String topic() {
        return topic;
    }

    /** {@return the options of the topic, such as whether it is recoverable} */
    public TopicOptions options() {
        return options;
    }

    /** {@return the decision of the authorizer; without one, {@link TopicDecision#allowed()}} */
    public TopicDecision.Allowed permission() {
        return permission;
    }

    /**
     * Returns the position of the newest publication. The client receives every later one.
     *
     * @return {@link StreamPosition#NONE} if the topic has no history
     */
    public StreamPosition position() {
        return position;
    }

    /**
     * Returns whether {@link #publications()} are everything that the client has missed.
     *
     * @return {@code false} if the request has no position, or the recovery is not complete
     */
    public boolean isRecovered() {
        return recovered;
    }

    /**
     * Returns the publications that precede the first live one.
     *
     * @return everything that the client has missed; without a position, the last value of the topic if it has one;
     *     otherwise empty, and never a part of the missed publications
     */
    public List<Publication> publications() {
        return publications;
    }

    /** Returns topic, position and outcome. */
    @Override
    public String toString() {
        return "StartedSubscription[" + topic + " at " + position + ", recovered=" + recovered + ", "
                + publications.size() + " publications]";
    }
}
