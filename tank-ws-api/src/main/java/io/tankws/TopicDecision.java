package io.tankws;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decision of a {@link TopicAuthorizer} on a {@link TopicRequest}. Immutable.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface TopicDecision {
    /**
     * Allows the action.
     *
     * @return a permission that does not expire
     */
    static Allowed allowed() {
        return Allowed.UNLIMITED;
    }

    /**
     * Denies the action.
     *
     * @param reason one sentence without secrets. It is part of the {@link ErrorEvent}. With {@link
     *     Manager.Builder#plainReplies} the client gets it too
     * @return a denial
     */
    static Denied denied(String reason) {
        return new Denied(reason);
    }

    /** The action is allowed. */
    final class Allowed implements TopicDecision {
        private static final Allowed UNLIMITED = new Allowed(null, null, null);

        /** Time of expiry, or {@code null} if the permission does not expire. */
        private final @Nullable Instant expiresAt;
        /** Information about the client, or {@code null} if there is none. */
        private final @Nullable Payload info;
        /** Data for the client, or {@code null} if there is none. */
        private final @Nullable Payload data;

        private Allowed(@Nullable Instant expiresAt, @Nullable Payload info, @Nullable Payload data) {
            this.expiresAt = expiresAt;
            this.info = info;
            this.data = data;
        }

        /**
         * Returns a permission that expires. At that time the manager asks the authorizer again. The subscription
         * continues until the answer, and ends unless the answer allows it.
         *
         * @param instant the time of expiry; a time that has passed denies the action
         * @return a changed copy
         */
        public Allowed withExpiry(Instant instant) {
            return new Allowed(Objects.requireNonNull(instant, "instant"), info, data);
        }

        /**
         * Returns a permission with information about the client in this topic, for {@link Subscription#info()}.
         *
         * @param info at most {@link PublisherInfo#MAX_INFO_BYTES} bytes, for instance a name to display
         * @return a changed copy
         * @throws IllegalArgumentException if the information is larger
         */
        public Allowed withInfo(Payload info) {
            if (info.size() > PublisherInfo.MAX_INFO_BYTES) {
                throw new IllegalArgumentException("the info of a permission must have at most "
                        + PublisherInfo.MAX_INFO_BYTES + " bytes, but had " + info.size());
            }
            return new Allowed(expiresAt, info, data);
        }

        /**
         * Returns a permission with data for the client, which a protocol sends with its reply. The plain protocol
         * sends no reply.
         *
         * @param data at most {@link PublisherInfo#MAX_INFO_BYTES} bytes
         * @return a changed copy
         * @throws IllegalArgumentException if the data is larger
         */
        public Allowed withData(Payload data) {
            if (data.size() > PublisherInfo.MAX_INFO_BYTES) {
                throw new IllegalArgumentException("the data of a permission must have at most "
                        + PublisherInfo.MAX_INFO_BYTES + " bytes, but had " + data.size());
            }
            return new Allowed(expiresAt, info, data);
        }

        /** {@return the time of expiry; empty if the permission does not expire} */
        public Optional<Instant> expiresAt() {
            return Optional.ofNullable(expiresAt);
        }

        /** {@return the information about the client; empty if there is none} */
        public Optional<Payload> info() {
            return Optional.ofNullable(info);
        }

        /** {@return the data for the client; empty if there is none} */
        public Optional<Payload> data() {
            return Optional.ofNullable(data);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Allowed allowed
                    && Objects.equals(expiresAt, allowed.expiresAt)
                    && Objects.equals(info, allowed.info)
                    && Objects.equals(data, allowed.data);
        }

        @Override
        public int hashCode() {
            return Objects.hash(expiresAt, info, data);
        }

        /** Returns a text without information and data, which may be personal. */
        @Override
        public String toString() {
            return expiresAt == null ? "Allowed" : "Allowed[until " + expiresAt + "]";
        }
    }

    /**
     * The action is denied.
     *
     * @param reason one sentence without secrets
     */
    record Denied(String reason) implements TopicDecision {
        /**
         * Creates a denial.
         *
         * @param reason one sentence without secrets
         */
        public Denied {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
