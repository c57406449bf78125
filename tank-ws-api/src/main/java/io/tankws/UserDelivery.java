package io.tankws;

/**
 * The known effect of a message to the connections of a user, see {@link Broadcaster#sendToUser}.
 *
 * @param connections the number of connections of the user. Without a cluster, those whose outboxes took the message.
 *     On a node of a cluster, those of this node at the time of the call
 * @param allNodes whether {@code connections} covers all nodes. It is {@code false} on a node of a cluster, because
 *     no node waits for the other nodes; {@link PresenceView#isPresent} asks them
 */
public record UserDelivery(int connections, boolean allNodes) {}
