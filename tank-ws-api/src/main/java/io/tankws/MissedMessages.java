package io.tankws;

import java.util.Optional;

/**
 * Messages of another node, or of this one, did not come from the backplane; the cause of an
 * {@link ErrorCode#MESSAGES_MISSED}, never thrown. Messages that failed at their publisher in the same outage may be among
 * those that are counted.
 */
public final class MissedMessages extends Exception {
    private static final long serialVersionUID = 1;

    /** {@code null} for broadcasts. */
    private final String topic;
    /** Who published. */
    private final String node;
    /** How many. */
    private final long count;
    /** Whether it is no upper bound. */
    private final boolean exact;

    /**
     * Makes one.
     *
     * @param topic {@code null} for broadcasts, relayed messages and commands between nodes
     * @param node who published them
     * @param count how many
     * @param exact whether all of them were for this node; otherwise some may have been published before it subscribed, or
     *     may have been dropped because another program used their numbers
     */
    public MissedMessages(String topic, String node, long count, boolean exact) {
        super((exact ? "missed " : "may have missed up to ") + count + " of node " + node
                + (topic == null ? "" : " on topic " + topic));
        this.topic = topic;
        this.node = node;
        this.count = count;
        this.exact = exact;
    }

    /**
     * Returns the topic.
     *
     * @return empty for broadcasts, relayed messages and commands between nodes
     */
    public Optional<String> topic() {
        return Optional.ofNullable(topic);
    }

    /**
     * Returns who published them.
     *
     * @return the node's id; {@code several} if more publishers and topics lost messages at once than are distinguished
     */
    public String node() {
        return node;
    }

    /**
     * Returns how many were missed.
     *
     * @return at least 1
     */
    public long count() {
        return count;
    }

    /**
     * Tells whether the count is no upper bound.
     *
     * @return {@code false} if some of them may have been published before this node subscribed, may have come twice, or may
     *     have been dropped because another program used their numbers
     */
    public boolean isExact() {
        return exact;
    }
}
