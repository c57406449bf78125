package io.tankws;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * A change of a connection that {@link Manager#connectionEvents()} publishes. Each connection yields exactly one
 * {@link Connected} first and exactly one {@link Disconnected} last.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface ConnectionEvent {
    /** {@return the client of the connection} */
    Client client();

    /** {@return the time of the change} */
    Instant time();

    /** {@return the {@linkplain Client#userId() user id} of the client} */
    default String userId() {
        return client().userId();
    }

    /**
     * A handshake was accepted and the connection is open.
     *
     * @param client the client of the connection
     * @param time the time of the change
     */
    record Connected(Client client, Instant time) implements ConnectionEvent {
        /**
         * Creates an event.
         *
         * @param client not {@code null}
         * @param time not {@code null}
         */
        public Connected {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The connection has ended.
     *
     * @param client the client of the connection
     * @param status the status with which the connection closed
     * @param endedTopics the topics whose subscriptions ended with the connection; no {@link Unsubscribed} follows
     *     for them
     * @param time the time of the change
     */
    record Disconnected(Client client, CloseStatus status, Set<String> endedTopics, Instant time)
            implements ConnectionEvent {
        /**
         * Creates an event.
         *
         * @param client not {@code null}
         * @param status not {@code null}
         * @param endedTopics copied
         * @param time not {@code null}
         */
        public Disconnected {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(status, "status");
            endedTopics = Set.copyOf(endedTopics);
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The client is now subscribed to a topic that it was not subscribed to before.
     *
     * @param client the client of the connection
     * @param topic the topic
     * @param time the time of the change
     */
    record Subscribed(Client client, String topic, Instant time) implements ConnectionEvent {
        /**
         * Creates an event.
         *
         * @param client not {@code null}
         * @param topic not {@code null}
         * @param time not {@code null}
         */
        public Subscribed {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The client is no longer subscribed to a topic, and its connection is open.
     *
     * @param client the client of the connection
     * @param topic the topic
     * @param time the time of the change
     */
    record Unsubscribed(Client client, String topic, Instant time) implements ConnectionEvent {
        /**
         * Creates an event.
         *
         * @param client not {@code null}
         * @param topic not {@code null}
         * @param time not {@code null}
         */
        public Unsubscribed {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(time, "time");
        }
    }
}
