package io.tankws;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a connection belongs to, as an {@link Authenticator} found out.
 *
 * @param userId becomes {@link Client#userId()}; not empty
 * @param attributes become the first {@link Client#attributes()}
 * @param expiresAt when its connections are closed with 4401; empty for never
 * @param limits bounds of its connections: those that are {@linkplain Limits#named() named} replace the manager's, all
 *     others are the manager's; empty for the manager's alone
 */
public record Identity(
        String userId, Map<String, Object> attributes, Optional<Instant> expiresAt, Optional<Limits> limits) {
    /**
     * Checks and copies.
     *
     * @param userId {@link #userId()}
     * @param attributes {@link #attributes()}
     * @param expiresAt {@link #expiresAt()}
     * @param limits {@link #limits()}
     * @throws IllegalArgumentException if the user id is empty, or the limits name one that is not of {@link
     *     Limit.Scope#CLIENT}
     */
    public Identity {
        if (Objects.requireNonNull(userId, "userId").isEmpty()) {
            throw new IllegalArgumentException("an identity has a user id");
        }
        attributes = Map.copyOf(attributes);
        Objects.requireNonNull(expiresAt, "expiresAt");
        Objects.requireNonNull(limits, "limits").ifPresent(Identity::check);
    }

    private static void check(Limits limits) {
        for (Limit limit : limits.named()) {
            if (limit.scope() != Limit.Scope.CLIENT) {
                throw new IllegalArgumentException(
                        "the limits of an identity must name limits of one client or user, but named "
                                + limit + " = " + limit.of(limits) + "; set that with "
                                + (limit.scope() == Limit.Scope.SERVER ? "WebSocketServer" : "Manager")
                                + ".Builder.limits");
            }
        }
    }

    /**
     * Makes an identity without attributes.
     *
     * @param userId not empty
     */
    public Identity(String userId) {
        this(userId, Map.of());
    }

    /**
     * Makes an identity that does not expire.
     *
     * @param userId not empty
     * @param attributes {@link #attributes()}
     */
    public Identity(String userId, Map<String, Object> attributes) {
        this(userId, attributes, Optional.empty(), Optional.empty());
    }

    /**
     * Sets when it expires, such as the end of a token's life.
     *
     * @param instant from then on its connections are closed with 4401, and new ones refused with 401
     * @return a copy
     */
    public Identity withExpiry(Instant instant) {
        return new Identity(userId, attributes, Optional.of(instant), limits);
    }

    /**
     * Sets the bounds of its connections. {@code Limits.builder().maxTopics(5).build()} names {@code maxTopics} alone, so all
     * other bounds stay those of the manager.
     *
     * <p>A handshake gets status 500, and the manager reports {@link ErrorCode#AUTHENTICATION_FAILED}, if the bounds contradict
     * those of the manager: {@code maxTopicBytes} must be at most the manager's, which bounds the topics that can be published
     * to. A raised {@code maxMessageBytes} must be at most the manager's {@code partialMessageBytes}, which a message that comes
     * in part takes its buffer from, and half of the manager's {@code outboxBytes} where messages are relayed. A lowered
     * {@code outboxBytes} must be at least the manager's {@code maxMessageBytes}: else one message disconnected clients that
     * read.
     *
     * @param bounds of {@link Limit.Scope#CLIENT}
     * @return a copy
     * @throws IllegalArgumentException if the limits name one that is not of {@link Limit.Scope#CLIENT}
     */
    public Identity withLimits(Limits bounds) {
        return new Identity(userId, attributes, expiresAt, Optional.of(bounds));
    }

    /** Shows the user id alone: attributes may hold secrets. */
    @Override
    public String toString() {
        return "Identity[" + userId + "]";
    }
}
