package io.tankws.core.session;

import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import io.tankws.core.routing.SubscriptionStart;
import io.tankws.spi.ProtocolEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a subscription, which is made without a lock and carried out under that of the session.
 *
 * @param options options of the topic
 * @param joinLeave whether the client receives joins and leaves
 * @param start start of the subscription, or {@code null} if it begins with the next message
 * @param decision decision of the topic authorizer, or {@code null} if it was not asked
 * @param permission permission of the topic authorizer, or {@code null} if it was not asked
 */
record SubscriptionPlan(
        String topic,
        TopicOptions options,
        ProtocolEncoding encoding,
        boolean joinLeave,
        @Nullable SubscriptionStart start,
        @Nullable PendingDecision decision,
        TopicDecision.@Nullable Allowed permission) {
    /** Returns whether the subscription was revoked. Called under the lock of the session. */
    boolean isRevoked() {
        return decision != null && decision.isRevoked();
    }
}
