package io.tankws.protocol.centrifuge;

import io.tankws.CloseStatus;
import io.tankws.Identity;
import io.tankws.Payload;
import io.tankws.protocol.centrifuge.message.DisconnectReason;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decision of a {@link ConnectAuthenticator}. Immutable.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface ConnectDecision {
    /**
     * Accepts the client.
     *
     * @param identity its user
     * @return an acceptance
     */
    static Accepted accepted(Identity identity) {
        return new Accepted(Objects.requireNonNull(identity, "identity"), null, Set.of());
    }

    /**
     * Closes the connection because the token is wrong. The SDK does not connect again.
     *
     * @return a refusal
     */
    static ConnectDecision invalidToken() {
        return new Refused(DisconnectReason.INVALID_TOKEN.status());
    }

    /**
     * Closes the connection.
     *
     * @param status its code decides whether the SDK connects again: from 3000 to 3499 and from 4000 to 4499 it does,
     *     from 3500 to 3999 and from 4500 to 4999 it does not
     * @return a refusal
     */
    static ConnectDecision refused(CloseStatus status) {
        return new Refused(Objects.requireNonNull(status, "status"));
    }

    /** The client is accepted. */
    final class Accepted implements ConnectDecision {
        private final Identity identity;
        /** Data for the client, or {@code null} if there is none. */
        private final @Nullable Payload data;

        private final Set<String> topics;

        private Accepted(Identity identity, @Nullable Payload data, Set<String> topics) {
            this.identity = identity;
            this.data = data;
            this.topics = topics;
        }

        /**
         * Returns an acceptance with data for the client.
         *
         * @param data the data, which the SDK passes to its {@code connected} event
         * @return a changed copy
         */
        public Accepted withData(Payload data) {
            return new Accepted(identity, Objects.requireNonNull(data, "data"), topics);
        }

        /**
         * Returns an acceptance with topics to which the server subscribes the client. The topic authorizer is not
         * asked.
         *
         * @param topics the topics; copied
         * @return a changed copy
         */
        public Accepted withTopics(Collection<String> topics) {
            return new Accepted(identity, data, Set.copyOf(new LinkedHashSet<>(topics)));
        }

        /** {@return the user} */
        public Identity identity() {
            return identity;
        }

        /** {@return the data for the client; empty if there is none} */
        public Optional<Payload> data() {
            return Optional.ofNullable(data);
        }

        /** {@return the topics to which the server subscribes the client} */
        public Set<String> topics() {
            return topics;
        }
    }

    /**
     * The connection is closed.
     *
     * @param status the status of the close frame
     */
    record Refused(CloseStatus status) implements ConnectDecision {}
}
