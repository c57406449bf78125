package io.tankws.core.handshake;

import io.tankws.ClientLimits;
import io.tankws.Identity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The limits of connections that belong to identities: the manager's, except those that an identity sets explicitly.
 */
final class IdentityLimits {
    /**
     * The maximum number of different limits that connections share. Further limits are created for each connection.
     */
    private static final int MAX_SHARED = 64;

    private final ClientLimits ofManager;
    private final int partialMessageBytes;
    private final boolean relays;
    private final Map<ClientLimits, ClientLimits> shared = new ConcurrentHashMap<>();

    IdentityLimits(ClientLimits ofManager, int partialMessageBytes, boolean relays) {
        this.ofManager = ofManager;
        this.partialMessageBytes = partialMessageBytes;
        this.relays = relays;
    }

    /**
     * Returns the limits of an identity's connection.
     *
     * @throws IllegalArgumentException if the limits of the identity contradict those of the manager
     */
    ClientLimits of(Optional<Identity> identity) {
        ClientLimits overrides = identity.flatMap(Identity::limits).orElse(null);
        if (overrides == null) {
            return ofManager;
        }
        ClientLimits found = shared.get(overrides);
        if (found == null) {
            found = ofManager.with(overrides);
            check(found);
            if (shared.size() < MAX_SHARED) {
                shared.put(overrides, found);
            }
        }
        return found;
    }

    private void check(ClientLimits limits) {
        int message = limits.maxMessageBytes();
        int outbox = limits.outboxBytes();
        if (limits.maxTopicBytes() > ofManager.maxTopicBytes()) {
            throw contradiction(
                    "maxTopicBytes", limits.maxTopicBytes(), "at most the manager's", ofManager.maxTopicBytes());
        }
        if (message > partialMessageBytes) {
            throw contradiction(
                    "maxMessageBytes", message, "at most the manager's partialMessageBytes", partialMessageBytes);
        }
        // An outbox takes a message above its limit only while it is empty. Its reader is then disconnected as too
        // slow.
        int half = ofManager.outboxBytes() / 2;
        if (relays && message > ofManager.maxMessageBytes() && message > half) {
            throw contradiction("maxMessageBytes", message, "at most half of the manager's outboxBytes", half);
        }
        if (outbox < ofManager.outboxBytes() && outbox < ofManager.maxMessageBytes()) {
            throw contradiction(
                    "outboxBytes", outbox, "at least the manager's maxMessageBytes", ofManager.maxMessageBytes());
        }
    }

    private static IllegalArgumentException contradiction(String limit, int value, String rule, int bound) {
        return new IllegalArgumentException(
                "the limit " + limit + " of an identity must be " + rule + ", " + bound + ", but was " + value);
    }
}
