package io.tankws;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client that published a {@link Publication}, as subscribers see it. Immutable and thread-safe. The publications
 * of one client share one object.
 */
public final class PublisherInfo {
    /** The maximum size of the info in bytes. */
    public static final int MAX_INFO_BYTES = 4096;

    private final String clientId;
    private final String userId;
    /** The info, or {@code null} if there is none. */
    private final @Nullable Payload info;

    private PublisherInfo(String clientId, String userId, @Nullable Payload info) {
        this.clientId = clientId;
        this.userId = userId;
        this.info = info;
    }

    /**
     * Creates the information about a client without further info.
     *
     * @param clientId {@link Client#id()}, not empty
     * @param userId {@link Client#userId()}; empty if the user is unknown
     * @return the information
     * @throws IllegalArgumentException if the client id is empty
     */
    public static PublisherInfo of(String clientId, String userId) {
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("the client id of a publisher must not be empty");
        }
        return new PublisherInfo(clientId, Objects.requireNonNull(userId, "userId"), null);
    }

    /**
     * Returns a copy with data of the application, such as a name to display.
     *
     * @param info at most {@link #MAX_INFO_BYTES} bytes
     * @return a changed copy
     * @throws IllegalArgumentException if the info is larger
     */
    public PublisherInfo withInfo(Payload info) {
        if (info.size() > MAX_INFO_BYTES) {
            throw new IllegalArgumentException(
                    "the info of a publisher must have at most " + MAX_INFO_BYTES + " bytes, but had " + info.size());
        }
        return new PublisherInfo(clientId, userId, info);
    }

    /** {@return the id of the client; not empty} */
    public String clientId() {
        return clientId;
    }

    /** {@return the id of its user; empty if the user is unknown} */
    public String userId() {
        return userId;
    }

    /** {@return data of the application about the client; empty if there is none} */
    public Optional<Payload> info() {
        return Optional.ofNullable(info);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublisherInfo publisher
                && clientId.equals(publisher.clientId)
                && userId.equals(publisher.userId)
                && Objects.equals(info, publisher.info);
    }

    @Override
    public int hashCode() {
        return Objects.hash(clientId, userId, info);
    }

    /** Returns a text with the ids only, because the info may hold personal data. */
    @Override
    public String toString() {
        return "PublisherInfo[" + clientId + ", " + userId + "]";
    }
}
