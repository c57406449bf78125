package io.tankws;

import java.util.Objects;
import java.util.Optional;

/**
 * What an {@link Authenticator} says of a handshake.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface Authentication {
    /**
     * Lets the peer in; its user id comes from the query, as without authentication.
     *
     * @return an acceptance
     */
    static Authentication accepted() {
        return new Accepted(Optional.empty());
    }

    /**
     * Lets the peer in as somebody. A different {@code user_id} in the query is then refused with 403.
     *
     * @param identity who it is
     * @return an acceptance
     */
    static Authentication accepted(Identity identity) {
        return new Accepted(Optional.of(identity));
    }

    /**
     * Keeps the peer out.
     *
     * @param refusal what it is told
     * @return a refusal
     */
    static Authentication refused(Refusal refusal) {
        return new Refused(refusal);
    }

    /**
     * The peer may come in.
     *
     * @param identity who it is, if the authenticator knows
     */
    record Accepted(Optional<Identity> identity) implements Authentication {
        /**
         * Checks.
         *
         * @param identity {@link #identity()}
         */
        public Accepted {
            Objects.requireNonNull(identity, "identity");
        }
    }

    /**
     * The peer stays out.
     *
     * @param refusal what it is told
     */
    record Refused(Refusal refusal) implements Authentication {
        /**
         * Checks.
         *
         * @param refusal {@link #refusal()}
         */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
