package io.tankws.core.presence;

import java.util.function.LongSupplier;

/**
 * The parts that the members of all topics of a manager share.
 *
 * @param node id of the node, with which its members are listed; empty without a cluster
 * @param isCluster whether events return from a backplane, which gives them their order. Otherwise observers get an
 *     event when it happens
 * @param leaves members whose connection has ended
 * @param reports receiver of the events
 * @param clock running time in nanoseconds
 */
public record PresenceContext(
        String node, boolean isCluster, PendingLeaves leaves, PresenceReports reports, LongSupplier clock) {}
