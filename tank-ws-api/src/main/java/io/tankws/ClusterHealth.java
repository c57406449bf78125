package io.tankws;

import java.time.Instant;

/**
 * The state of a node of a cluster, and its counters since the manager was created. The counters are read one after
 * the other, not atomically. Immutable.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface ClusterHealth {
    /** The states of a node. */
    enum Status {
        /** The manager is not a node of a cluster. */
        STANDALONE,
        /** Every connection to the backplane has recently returned what was sent through it. */
        UP,
        /** The node cannot publish, or may not receive all messages of other nodes. It reconnects on its own. */
        DOWN
    }

    /**
     * Returns the state of the node.
     *
     * @return the state
     */
    Status status();

    /**
     * Returns when the present state began.
     *
     * @return the time; for {@link Status#STANDALONE} the creation of the manager
     */
    Instant since();

    /**
     * Returns one sentence about the state, for people. It never contains a password.
     *
     * @return the sentence
     */
    String detail();

    /**
     * Returns the id of this node, as in {@link MissedMessages#node()}.
     *
     * @return the id; empty without a cluster
     */
    String node();

    /**
     * Returns the number of topics whose channels this node is subscribed to, including topics whose last subscriber
     * left within {@link ClusterConfig#unsubscribeGrace()}.
     *
     * @return the number of topics
     */
    int topics();

    /**
     * Returns how many messages and commands of this node the backplane has confirmed.
     *
     * @return messages and commands
     */
    long published();

    /**
     * Returns how many messages and commands of this node failed, each with an {@link ErrorCode#PUBLISH_FAILED}.
     *
     * @return messages and commands
     */
    long publishFailures();

    /**
     * Returns how many messages and commands of this node are unconfirmed or buffered.
     *
     * @return messages and commands
     */
    long pending();

    /**
     * Returns how many messages and commands arrived from the backplane, including those of this node.
     *
     * @return messages and commands
     */
    long received();

    /**
     * Returns how many messages are known or suspected not to have arrived, each counted in an {@link
     * ErrorCode#MESSAGES_MISSED}.
     *
     * @return messages
     */
    long missed();

    /**
     * Returns how many messages were delivered to the clients of this node only, because of {@link
     * OutagePolicy#LOCAL_ONLY}.
     *
     * @return messages
     */
    long deliveredLocally();

    /**
     * Returns how many messages on the channels of the cluster were dropped because no node can have sent them. They
     * are reported as {@link ErrorCode#BACKPLANE_FAILED}, many in one event.
     *
     * @return messages
     */
    long rejected();

    /**
     * Returns how many messages and commands were dropped because they arrived twice or too late.
     *
     * @return messages and commands
     */
    long stale();

    /**
     * Returns whether the node works as configured.
     *
     * @return {@code false} if the status is {@link Status#DOWN}
     */
    default boolean isUp() {
        return status() != Status.DOWN;
    }
}
