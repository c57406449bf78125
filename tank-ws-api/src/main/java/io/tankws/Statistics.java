package io.tankws;

import java.time.Duration;
import java.util.Map;

/**
 * The counters of a manager since it was created; see {@link Manager#statistics()}. A message counts once for each
 * receiver, and every message is counted: {@code messagesOffered + messagesRecovered = messagesSent + messagesQueued +
 * messagesDropped + messagesUndelivered}. Each number is counted on its own and read one after the other, so the
 * equation holds when no message moves. Immutable.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Statistics {
    /**
     * Returns the time since the manager started.
     *
     * @return the time; zero before the start
     */
    Duration uptime();

    /**
     * Returns the number of open connections.
     *
     * @return connections
     */
    int clients();

    /**
     * Returns the number of topics that have subscribers. {@link Manager#topicSubscriberCounts()} lists them.
     *
     * @return topics
     */
    int topics();

    /**
     * Returns the number of connections that were opened.
     *
     * @return connections
     */
    long connectionsOpened();

    /**
     * Returns the number of connections that have ended.
     *
     * @return connections
     */
    long connectionsClosed();

    /**
     * Returns the number of requests on the manager's paths that did not become a connection.
     *
     * @return requests
     */
    long handshakesRefused();

    /**
     * Returns the number of messages that clients sent, including commands.
     *
     * @return messages
     */
    long messagesReceived();

    /**
     * Returns the number of messages for clients: published, relayed, sent, and greetings.
     *
     * @return messages
     */
    long messagesOffered();

    /**
     * Returns the number of publications that clients received from a history after {@link OverflowPolicy#CATCH_UP}
     * had dropped them. Each is also in {@link #drops()}, and it is offered only once.
     *
     * @return messages
     */
    long messagesRecovered();

    /**
     * Returns the number of offered messages that were written to a socket.
     *
     * @return messages
     */
    long messagesSent();

    /**
     * Returns the number of offered messages that are in an outbox now.
     *
     * @return messages
     */
    long messagesQueued();

    /**
     * Returns the number of offered messages that were dropped, by reason.
     *
     * @return an immutable map, without reasons that have not occurred
     */
    Map<DropReason, Long> drops();

    /**
     * Returns the number of offered messages that were not written because their connection ended.
     *
     * @return messages
     */
    long messagesUndelivered();

    /**
     * Returns the number of events that slow subscribers of the publishers did not get.
     *
     * @return events
     */
    long eventsLost();

    /**
     * Returns the number of errors, by code.
     *
     * @return an immutable map, without codes that have not occurred
     */
    Map<ErrorCode, Long> errors();

    /**
     * Returns the number of connections that have ended, by close code.
     *
     * @return an immutable map, with at most as many entries as there are codes
     */
    Map<Integer, Long> closes();

    /**
     * Returns the sum of {@link #drops()}.
     *
     * @return messages
     */
    default long messagesDropped() {
        return drops().values().stream().mapToLong(Long::longValue).sum();
    }
}
