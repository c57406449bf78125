package io.tankws;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A step in the life of a connection; {@link Manager#connectionEvents()} publishes it. Each connection yields exactly
 * one {@link Type#CONNECT} first and exactly one {@link Type#DISCONNECT} last.
 *
 * @param type what happened
 * @param client whom it happened to
 * @param topic of a subscribe or unsubscribe
 * @param endedTopics of a disconnect: the topics it ended, for which no unsubscribe event comes; else empty
 * @param closeStatus of a disconnect: how it closed
 * @param time when it happened
 */
public record ConnectionEvent(
        Type type,
        Client client,
        Optional<String> topic,
        Set<String> endedTopics,
        Optional<CloseStatus> closeStatus,
        Instant time) {
    /** What happened. */
    public enum Type {
        /** A handshake was accepted and the connection is open. */
        CONNECT,
        /** The connection is gone. */
        DISCONNECT,
        /** The client is now subscribed to the topic, and was not before. */
        SUBSCRIBE,
        /** The client is no longer subscribed to the topic. */
        UNSUBSCRIBE
    }

    /**
     * Checks and copies.
     *
     * @param type {@link #type()}
     * @param client {@link #client()}
     * @param topic {@link #topic()}
     * @param endedTopics {@link #endedTopics()}
     * @param closeStatus {@link #closeStatus()}
     * @param time {@link #time()}
     */
    public ConnectionEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(topic, "topic");
        endedTopics = Set.copyOf(endedTopics);
        Objects.requireNonNull(closeStatus, "closeStatus");
        Objects.requireNonNull(time, "time");
    }

    /**
     * Returns the user whom it happened to.
     *
     * @return {@link Client#userId()}
     */
    public String userId() {
        return client.userId();
    }
}
