package io.tankws;

import java.util.Objects;

/**
 * The decision of an {@link Authenticator} on a handshake.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface Authentication {
    /**
     * Accepts the peer. Its user id comes from the query, as without authentication.
     *
     * @return an acceptance
     */
    static Authentication accepted() {
        return new Accepted();
    }

    /**
     * Accepts the peer with an identity. A different {@code user_id} in the query is then refused with status 403.
     *
     * @param identity the user of the connection
     * @return an acceptance
     */
    static Authentication accepted(Identity identity) {
        return new AcceptedAs(identity);
    }

    /**
     * Refuses the peer.
     *
     * @param refusal the response to the handshake
     * @return a refusal
     */
    static Authentication refused(Refusal refusal) {
        return new Refused(refusal);
    }

    /** The peer is accepted without an identity. Its user id comes from the query. */
    record Accepted() implements Authentication {}

    /**
     * The peer is accepted with an identity.
     *
     * @param identity the user of the connection
     */
    record AcceptedAs(Identity identity) implements Authentication {
        /**
         * Creates an acceptance.
         *
         * @param identity not {@code null}
         */
        public AcceptedAs {
            Objects.requireNonNull(identity, "identity");
        }
    }

    /**
     * The peer is refused.
     *
     * @param refusal the response to the handshake
     */
    record Refused(Refusal refusal) implements Authentication {
        /**
         * Creates a refusal.
         *
         * @param refusal not {@code null}
         */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
