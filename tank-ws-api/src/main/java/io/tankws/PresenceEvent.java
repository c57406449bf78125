package io.tankws;

import java.time.Instant;
import java.util.Objects;

/**
 * A change of the members of a topic with {@link TopicOptions#hasJoinLeave()}. Each member yields one {@link Joined}
 * and later one {@link Left}. The events of a topic have one order for all observers.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface PresenceEvent {
    /** {@return the topic} */
    String topic();

    /** {@return the member} */
    PresenceMember member();

    /** {@return the time of the change} */
    Instant time();

    /**
     * A client has subscribed to the topic.
     *
     * @param topic the topic
     * @param member the member
     * @param time the time of the change
     */
    record Joined(String topic, PresenceMember member, Instant time) implements PresenceEvent {
        /**
         * Creates an event.
         *
         * @param topic not {@code null}
         * @param member not {@code null}
         * @param time not {@code null}
         */
        public Joined {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(member, "member");
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The subscription of a client has ended, and no connection of its user has replaced it within {@link
     * TopicOptions#leaveGrace()}.
     *
     * @param topic the topic
     * @param member the member
     * @param time the time of the change; after a grace, its end
     */
    record Left(String topic, PresenceMember member, Instant time) implements PresenceEvent {
        /**
         * Creates an event.
         *
         * @param topic not {@code null}
         * @param member not {@code null}
         * @param time not {@code null}
         */
        public Left {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(member, "member");
            Objects.requireNonNull(time, "time");
        }
    }
}
