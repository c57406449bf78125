package io.tankws;

import java.util.Objects;

/**
 * The messages of one publisher and one topic that did not arrive from the backplane; the details of an
 * {@link ErrorCode#MESSAGES_MISSED}. Messages that failed at their publisher in the same outage may be counted too.
 *
 * @param topic the topic; empty for broadcasts, relayed messages and commands between nodes, and if more publishers
 *     and topics lost messages at once than are distinguished
 * @param node the id of the node that published the messages; {@code several} for a topic with history, and if more
 *     publishers and topics lost messages at once than are distinguished
 * @param count the number of messages, at least 1
 * @param exact {@code false} if the count is an upper bound: some messages may have been published before this node
 *     subscribed, may have arrived twice, or may have been dropped because another program used their numbers
 */
public record MissedMessages(String topic, String node, long count, boolean exact) implements ErrorDetails {
    /**
     * Creates the details of one event.
     *
     * @param topic may be empty
     * @param node the publisher's id
     * @param count at least 1
     * @param exact whether the count is no upper bound
     * @throws IllegalArgumentException if the count is not positive
     */
    public MissedMessages {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(node, "node");
        if (count < 1) {
            throw new IllegalArgumentException("the count must be at least 1, but was " + count);
        }
    }
}
