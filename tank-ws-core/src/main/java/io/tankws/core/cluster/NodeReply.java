package io.tankws.core.cluster;

import io.tankws.PresenceMember;
import io.tankws.core.presence.UserCount;
import java.util.List;

/** The reply of a node to a request of another node. */
sealed interface NodeReply {
    /** The node has carried out a command. */
    record Confirmed() implements NodeReply {}

    /**
     * A part of the members of a topic on the node.
     *
     * @param part index of the part, from 0
     * @param isLast whether no further part follows
     * @param hasMore whether the node has more members than it lists
     */
    record Members(int part, boolean isLast, boolean hasMore, List<PresenceMember> members) implements NodeReply {}

    /** The members of a topic on the node, as numbers. */
    record Count(UserCount count) implements NodeReply {}

    /** The presence of a user on the node. */
    record Connected(boolean isConnected) implements NodeReply {}
}
