package io.tankws;

import java.time.Instant;
import java.util.Objects;

/**
 * Whether a node is in touch with its cluster, and what it counted. The figures are read one after the other.
 *
 * @param status the state
 * @param since when it began
 * @param detail one sentence about it, for people; never holds a password
 * @param node the node's id, as in {@link MissedMessages#node()}; empty without a cluster
 * @param topics topics that the node hears, those included that it will soon leave
 * @param published messages and commands that the backplane has taken from this node
 * @param publishFailures messages and commands that it has not, each an {@link ErrorCode#PUBLISH_FAILED}
 * @param pending messages and commands on their way to it, or waiting for its return
 * @param received messages and commands that came from it, this node's own included
 * @param missed messages that are known or suspected not to have come, each counted in an
 *     {@link ErrorCode#MESSAGES_MISSED}
 * @param deliveredLocally messages that went to this node's clients alone, by {@link OutagePolicy#LOCAL_ONLY}
 * @param rejected messages on the cluster's channels that were dropped because no node can have sent them; reported as
 *     {@link ErrorCode#BACKPLANE_FAILED}, many in one event
 * @param stale messages and commands that were dropped because their number had come before, or came late
 */
public record ClusterHealth(
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
        long stale) {
    /** The states of a node. */
    public enum Status {
        /** The manager is no node of a cluster. */
        STANDALONE,
        /** Every connection to the backplane has lately brought back what was sent to it. */
        UP,
        /** The node cannot publish, or may not hear all that others publish. It reconnects by itself. */
        DOWN
    }

    /**
     * Checks.
     *
     * @param status {@link #status()}
     * @param since {@link #since()}
     * @param detail {@link #detail()}
     * @param node {@link #node()}
     * @param topics {@link #topics()}
     * @param published {@link #published()}
     * @param publishFailures {@link #publishFailures()}
     * @param pending {@link #pending()}
     * @param received {@link #received()}
     * @param missed {@link #missed()}
     * @param deliveredLocally {@link #deliveredLocally()}
     * @param rejected {@link #rejected()}
     * @param stale {@link #stale()}
     */
    public ClusterHealth {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(node, "node");
    }

    /**
     * Tells whether nothing is known to be wrong.
     *
     * @return whether the status is not {@link Status#DOWN}
     */
    public boolean isUp() {
        return status != Status.DOWN;
    }
}
