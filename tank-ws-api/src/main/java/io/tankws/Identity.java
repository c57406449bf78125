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
 * @param limits bounds of its connections instead of the manager's, where they speak of a client or a user; empty for the
 *     manager's
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
     * @throws IllegalArgumentException if the user id is empty
     */
    public Identity {
        if (Objects.requireNonNull(userId, "userId").isEmpty()) {
            throw new IllegalArgumentException("an identity has a user id");
        }
        attributes = Map.copyOf(attributes);
        Objects.requireNonNull(expiresAt, "expiresAt");
        Objects.requireNonNull(limits, "limits");
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
     * Sets the bounds of its connections.
     *
     * @param bounds of these, those that speak of one client or one user replace the manager's
     * @return a copy
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
