package io.tankws;

import java.util.Set;

/**
 * The numbers of connections and users that are present in a topic, the answer to {@link PresenceView#presenceCounts}.
 * Immutable.
 *
 * @param connections the number of members
 * @param users the number of distinct users
 * @param exact whether {@code users} counts each user once. It is {@code false} if a node of a cluster has more than
 *     {@value #MAX_COMPARED_USERS} users in the topic: a user with members on several nodes may then count once for
 *     each
 * @param missingNodes the nodes that have not answered in time and are not counted; empty without a cluster
 */
public record PresenceCounts(long connections, long users, boolean exact, Set<String> missingNodes) {
    /** The maximum number of users of a node that are compared with those of other nodes. */
    public static final int MAX_COMPARED_USERS = 1024;

    /**
     * Creates an answer.
     *
     * @param connections the number of members
     * @param users the number of distinct users
     * @param exact whether each user counts once
     * @param missingNodes copied
     */
    public PresenceCounts {
        missingNodes = Set.copyOf(missingNodes);
    }

    /**
     * Returns whether all nodes are counted.
     *
     * @return {@code false} if a node has not answered
     */
    public boolean isComplete() {
        return missingNodes.isEmpty();
    }
}
