package io.tankws;

import java.time.Duration;
import java.util.Map;

/**
 * What a manager has counted since it started. The figures are read one after the other, so those of a busy manager
 * need not add up to the last message; those of a quiet one do:
 * {@code messagesQueued = messagesSent + messagesWaiting + messagesUndelivered}, where dropped ones of the policies
 * that drop what was queued count as undelivered too.
 *
 * @param uptime since the start
 * @param clients connections now
 * @param topics topics with subscribers now, to how many
 * @param connectionsOpened connections ever
 * @param connectionsClosed connections ended
 * @param handshakesRefused requests on the manager's paths that became no connection
 * @param messagesReceived messages of clients, commands included
 * @param messagesQueued messages put into outboxes, one per receiver
 * @param messagesSent messages that the socket has taken, one per receiver
 * @param messagesWaiting messages in outboxes now
 * @param messagesDropped messages that a full outbox did not take or gave up, one per receiver
 * @param messagesUndelivered queued messages that were dropped by the policy or whose connection ended first
 * @param eventsLost events that slow subscribers of the publishers did not get
 * @param errors errors so far, by code
 */
public record Statistics(
        Duration uptime,
        int clients,
        Map<String, Integer> topics,
        long connectionsOpened,
        long connectionsClosed,
        long handshakesRefused,
        long messagesReceived,
        long messagesQueued,
        long messagesSent,
        long messagesWaiting,
        long messagesDropped,
        long messagesUndelivered,
        long eventsLost,
        Map<ErrorCode, Long> errors) {
    /** Copies the maps. */
    public Statistics {
        topics = Map.copyOf(topics);
        errors = Map.copyOf(errors);
    }
}
