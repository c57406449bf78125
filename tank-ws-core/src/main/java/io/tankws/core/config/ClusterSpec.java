package io.tankws.core.config;

import io.tankws.ClusterConfig;
import io.tankws.spi.BackplaneProvider;

/** The cluster of a manager and the provider of its backplane. */
public record ClusterSpec(ClusterConfig config, BackplaneProvider backplane) {}
