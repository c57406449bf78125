package io.tankws.core.cluster;

import io.tankws.ClusterHealth;
import java.time.Instant;

/** A snapshot of a node's state and counters. */
record NodeHealth(
        Status status,
        Instant since,
        String detail,
        String node,
        int topics,
        long published,
        long publishFailures,
        long pending,
        long received,
        long missed,
        long deliveredLocally,
        long rejected,
        long stale)
        implements ClusterHealth {
    /** Returns the state of a manager that is no node of a cluster. */
    static NodeHealth standalone(Instant since) {
        return new NodeHealth(Status.STANDALONE, since, "no cluster", "", 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
