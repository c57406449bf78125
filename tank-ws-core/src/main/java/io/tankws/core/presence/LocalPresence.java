package io.tankws.core.presence;

import io.tankws.Message;
import io.tankws.Presence;

/** The clients of this node, as queries of this node and of other nodes see them. */
public interface LocalPresence {
    /** Lists the members of a topic on this node, at most {@code max} of them. */
    Presence members(String topic, int max);

    /** Counts the members of a topic on this node. */
    UserCount count(String topic);

    /** Returns the number of open connections of a user to this node. */
    int connections(String userId);

    /** Sends a message to the connections of a user to this node. Returns the number of those that took it. */
    int send(String userId, Message message);
}
