package io.tankws;

import java.util.List;
import java.util.Set;

/**
 * The members of a topic at one moment, the answer to {@link PresenceView#presence}. Immutable.
 *
 * @param members at most {@link ManagerLimits#maxPresenceMembers()} members; on each node in the order of their joins
 * @param hasMore whether the topic has more members than are listed
 * @param missingNodes the nodes that have not answered in time, whose members are not listed; empty without a cluster
 */
public record Presence(List<PresenceMember> members, boolean hasMore, Set<String> missingNodes) {
    /**
     * Creates an answer.
     *
     * @param members copied
     * @param hasMore whether there are more members
     * @param missingNodes copied
     */
    public Presence {
        members = List.copyOf(members);
        missingNodes = Set.copyOf(missingNodes);
    }

    /**
     * Returns whether all members are listed.
     *
     * @return {@code false} if there are more members or a node has not answered
     */
    public boolean isComplete() {
        return !hasMore && missingNodes.isEmpty();
    }
}
