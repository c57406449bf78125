package io.tankws.core.handshake;

import io.tankws.Identity;
import io.tankws.Limit;
import io.tankws.Limits;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of connections that belong to identities: those of the manager, but for what an identity names. */
final class IdentityLimits {
    /** The limits of this many different identities are kept to be shared; those of others are made for each connection. */
    private static final int MAX_SHARED = 64;

    private final Limits ofManager;
    private final boolean relays;
    private final Map<Limits, Limits> shared = new ConcurrentHashMap<>();

    IdentityLimits(Limits ofManager, boolean relays) {
        this.ofManager = ofManager;
        this.relays = relays;
    }

    /**
     * Returns the limits of an identity's connection.
     *
     * @throws IllegalArgumentException if what the identity names contradicts the manager's limits
     */
    Limits of(Optional<Identity> identity) {
        Limits named = identity.flatMap(Identity::limits).orElse(null);
        if (named == null) {
            return ofManager;
        }
        Limits found = shared.get(named);
        if (found == null) {
            found = ofManager.with(named);
            check(found);
            if (shared.size() < MAX_SHARED) {
                shared.put(named, found);
            }
        }
        return found;
    }

    private void check(Limits limits) {
        if (limits.maxTopicBytes() > ofManager.maxTopicBytes()) {
            throw contradiction(limits, Limit.MAX_TOPIC_BYTES, "at most the manager's", ofManager.maxTopicBytes());
        }
        if (limits.maxMessageBytes() > ofManager.partialMessageBytes()) {
            throw contradiction(
                    limits,
                    Limit.MAX_MESSAGE_BYTES,
                    "at most the manager's partialMessageBytes",
                    ofManager.partialMessageBytes());
        }
        // An outbox takes a message above its bound only while it is empty; then its reader is disconnected as too
        // slow.
        if (relays
                && limits.maxMessageBytes() > ofManager.maxMessageBytes()
                && limits.maxMessageBytes() > ofManager.outboxBytes() / 2) {
            throw contradiction(
                    limits,
                    Limit.MAX_MESSAGE_BYTES,
                    "at most half of the manager's outboxBytes",
                    ofManager.outboxBytes() / 2);
        }
        if (limits.outboxBytes() < ofManager.outboxBytes() && limits.outboxBytes() < ofManager.maxMessageBytes()) {
            throw contradiction(
                    limits, Limit.OUTBOX_BYTES, "at least the manager's maxMessageBytes", ofManager.maxMessageBytes());
        }
    }

    private static IllegalArgumentException contradiction(Limits limits, Limit limit, String rule, int bound) {
        return new IllegalArgumentException("the limit " + limit + " of an identity must be " + rule + ", " + bound
                + ", but was " + limit.of(limits));
    }
}
