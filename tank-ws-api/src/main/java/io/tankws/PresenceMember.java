package io.tankws;

import java.util.Objects;
import java.util.Optional;

/**
 * A subscriber of a topic, as {@link PresenceView#presence} and {@link PresenceEvent} show it. One user may have
 * several members in a topic, one for each connection. Immutable.
 *
 * @param id identifies the member, from its {@link PresenceEvent.Joined} to its {@link PresenceEvent.Left}. It is the
 *     id of the connection that joined. A connection that replaces it within {@link TopicOptions#leaveGrace()} keeps
 *     the id of the member
 * @param clientId {@link Client#id()} of the current connection, or of the last one during {@link
 *     TopicOptions#leaveGrace()}
 * @param userId {@link Client#userId()}
 * @param info {@link Client#info()}; empty if there is none
 * @param subscriptionInfo {@link Subscription#info()} at the time of the subscription; empty if there is none
 * @param node the node of the connection, {@link ClusterHealth#node()}; empty without a cluster
 */
public record PresenceMember(
        String id,
        String clientId,
        String userId,
        Optional<Payload> info,
        Optional<Payload> subscriptionInfo,
        String node) {
    /**
     * Creates a member.
     *
     * @param id not empty
     * @param clientId not empty
     * @param userId the user
     * @param info information about the connection
     * @param subscriptionInfo information about the subscription
     * @param node the node
     * @throws IllegalArgumentException if an id is empty
     */
    public PresenceMember {
        if (id.isEmpty() || clientId.isEmpty()) {
            throw new IllegalArgumentException("the ids of a member must not be empty");
        }
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(subscriptionInfo, "subscriptionInfo");
        Objects.requireNonNull(node, "node");
    }
}
