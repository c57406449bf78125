package io.tankws;

import java.util.Map;
import java.util.Objects;

/**
 * Who a connection belongs to, as an {@link Authenticator} found out.
 *
 * @param userId becomes {@link Client#userId()}; not empty
 * @param attributes become the first {@link Client#attributes()}
 */
public record Identity(String userId, Map<String, Object> attributes) {
    /**
     * Checks and copies.
     *
     * @param userId {@link #userId()}
     * @param attributes {@link #attributes()}
     * @throws IllegalArgumentException if the user id is empty
     */
    public Identity {
        if (Objects.requireNonNull(userId, "userId").isEmpty()) {
            throw new IllegalArgumentException("an identity has a user id");
        }
        attributes = Map.copyOf(attributes);
    }

    /**
     * Makes an identity without attributes.
     *
     * @param userId not empty
     */
    public Identity(String userId) {
        this(userId, Map.of());
    }

    /** Shows the user id alone: attributes may hold secrets. */
    @Override
    public String toString() {
        return "Identity[" + userId + "]";
    }
}
