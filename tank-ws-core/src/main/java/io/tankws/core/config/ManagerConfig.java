package io.tankws.core.config;

import io.tankws.Authenticator;
import io.tankws.BinaryRelay;
import io.tankws.ClientLimits;
import io.tankws.ManagerLimits;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicConfigurer;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a manager was built with.
 *
 * @param handler message handler, or {@code null} for the relay
 * @param authenticator authenticator, or {@code null} to admit all clients
 * @param topicAuthorizer authorizer of actions on topics, or {@code null} to allow all actions
 * @param topicConfigurer function from topics to their options, or {@code null} if none has options
 * @param plainReplies whether clients get an answer to a denied action
 * @param cluster cluster, or {@code null} for a standalone manager
 */
public record ManagerConfig(
        String name,
        ManagerLimits limits,
        ClientLimits clientLimits,
        OverflowPolicy overflowPolicy,
        UserLimitPolicy userLimitPolicy,
        @Nullable MessageHandler handler,
        BinaryRelay binaryRelay,
        Upgrader upgrader,
        @Nullable Authenticator authenticator,
        @Nullable TopicAuthorizer topicAuthorizer,
        @Nullable TopicConfigurer topicConfigurer,
        boolean plainReplies,
        String greeting,
        String farewell,
        @Nullable ClusterSpec cluster) {}
