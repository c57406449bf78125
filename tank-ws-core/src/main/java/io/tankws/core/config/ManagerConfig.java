package io.tankws.core.config;

import io.tankws.Authenticator;
import io.tankws.BinaryRelay;
import io.tankws.ClientLimits;
import io.tankws.ClusterConfig;
import io.tankws.ManagerLimits;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import io.tankws.spi.BackplaneProvider;

/**
 * What a manager was built with.
 *
 * @param handler {@code null} for the relay
 * @param authenticator {@code null} for everybody
 * @param cluster {@code null} for none
 * @param backplane {@code null} without a cluster
 */
public record ManagerConfig(
        String name,
        ManagerLimits limits,
        ClientLimits clientLimits,
        OverflowPolicy overflowPolicy,
        UserLimitPolicy userLimitPolicy,
        MessageHandler handler,
        BinaryRelay binaryRelay,
        Upgrader upgrader,
        Authenticator authenticator,
        String greeting,
        String farewell,
        ClusterConfig cluster,
        BackplaneProvider backplane) {}
