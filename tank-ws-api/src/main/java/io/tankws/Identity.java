package io.tankws;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The user of a connection, as determined by an {@link Authenticator}. Immutable. */
public final class Identity {
    private final String userId;
    private final Map<String, Object> attributes;
    /** Time of expiry, or {@code null} if the identity does not expire. */
    private final @Nullable Instant expiresAt;
    /** Overridden limits, or {@code null} if all limits are those of the manager. */
    private final @Nullable ClientLimits limits;
    /** Information for other clients, or {@code null} if there is none. */
    private final @Nullable Payload info;

    /**
     * Creates an identity without attributes.
     *
     * @param userId not empty
     * @throws IllegalArgumentException if the user id is empty
     */
    public Identity(String userId) {
        this(userId, Map.of());
    }

    /**
     * Creates an identity that does not expire and has the limits of the manager.
     *
     * @param userId not empty
     * @param attributes {@link #attributes()}; copied, without {@code null}
     * @throws IllegalArgumentException if the user id is empty
     */
    public Identity(String userId, Map<String, Object> attributes) {
        this(userId, Map.copyOf(attributes), null, null, null);
    }

    private Identity(
            String userId,
            Map<String, Object> attributes,
            @Nullable Instant expiresAt,
            @Nullable ClientLimits limits,
            @Nullable Payload info) {
        if (userId.isEmpty()) {
            throw new IllegalArgumentException("the user id of an identity must not be empty");
        }
        this.userId = userId;
        this.attributes = attributes;
        this.expiresAt = expiresAt;
        this.limits = limits;
        this.info = info;
    }

    /**
     * Returns an identity with other attributes.
     *
     * @param attributes {@link #attributes()}; copied, without {@code null}; the default is an empty map
     * @return a changed copy
     */
    public Identity withAttributes(Map<String, Object> attributes) {
        return new Identity(userId, Map.copyOf(attributes), expiresAt, limits, info);
    }

    /**
     * Returns an identity that expires, for instance at the end of a token's lifetime. By default it does not expire.
     * At that time the server closes the connections of the identity with 4401; later handshakes get status 401.
     *
     * @param instant the time of expiry
     * @return a changed copy
     */
    public Identity withExpiry(Instant instant) {
        return new Identity(userId, attributes, Objects.requireNonNull(instant, "instant"), limits, info);
    }

    /**
     * Returns an identity with limits of its own. {@code ClientLimits.builder().maxTopics(5).build()} sets {@code
     * maxTopics} explicitly, so all other limits stay those of the manager.
     *
     * <p>A handshake gets status 500, and the manager reports {@link ErrorCode#AUTHENTICATION_FAILED}, if the limits
     * contradict those of the manager:
     *
     * <ul>
     * <li>{@code maxTopicBytes} must be at most the manager's, which bounds the topics that can be published to.
     * <li>A raised {@code maxMessageBytes} must be at most the manager's {@code partialMessageBytes}, because the
     * buffer of an incomplete message is taken from there. Where messages are relayed, it must also be at most half
     * of the manager's {@code outboxBytes}.
     * <li>A lowered {@code outboxBytes} must be at least the manager's {@code maxMessageBytes}. Otherwise one message
     * would disconnect clients that read.
     * </ul>
     *
     * @param limits the limits that are set explicitly replace those of the manager
     * @return a changed copy
     */
    public Identity withLimits(ClientLimits limits) {
        return new Identity(userId, attributes, expiresAt, Objects.requireNonNull(limits, "limits"), info);
    }

    /**
     * Returns an identity with information for other clients, such as a name to display. It becomes {@link
     * Client#info()} and part of each publication of the client. By default there is none.
     *
     * @param info at most {@link PublisherInfo#MAX_INFO_BYTES} bytes
     * @return a changed copy
     * @throws IllegalArgumentException if the information is larger
     */
    public Identity withInfo(Payload info) {
        if (info.size() > PublisherInfo.MAX_INFO_BYTES) {
            throw new IllegalArgumentException("the info of an identity must have at most "
                    + PublisherInfo.MAX_INFO_BYTES + " bytes, but had " + info.size());
        }
        return new Identity(userId, attributes, expiresAt, limits, info);
    }

    /** {@return the user id, which becomes {@link Client#userId()}; not empty} */
    public String userId() {
        return userId;
    }

    /** {@return the initial {@link Client#attributes()}; immutable} */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** {@return the time of expiry; empty if the identity does not expire} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** {@return the limits of {@link #withLimits}; empty if all limits are those of the manager} */
    public Optional<ClientLimits> limits() {
        return Optional.ofNullable(limits);
    }

    /** {@return the information for other clients; empty if there is none} */
    public Optional<Payload> info() {
        return Optional.ofNullable(info);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Identity identity
                && userId.equals(identity.userId)
                && attributes.equals(identity.attributes)
                && Objects.equals(expiresAt, identity.expiresAt)
                && Objects.equals(limits, identity.limits)
                && Objects.equals(info, identity.info);
    }

    @Override
    public int hashCode() {
        return Objects.hash(userId, attributes, expiresAt, limits, info);
    }

    /** Returns a text with the user id only, because attributes may hold secrets. */
    @Override
    public String toString() {
        return "Identity[" + userId + "]";
    }
}
