package io.tankws;

import java.time.Duration;
import java.util.Map;

/**
 * What a manager has counted since it started. Each message counts once per receiver, and none is lost from the sum:
 * {@code messagesOffered = messagesSent + messagesQueued + messagesDropped + messagesUndelivered}. The figures are read
 * one after the other, so while messages flow {@code messagesQueued} absorbs what happened in between.
 *
 * @param uptime since the start
 * @param clients connections now
 * @param topics topics with subscribers now, to how many
 * @param connectionsOpened connections ever
 * @param connectionsClosed connections ended
 * @param handshakesRefused requests on the manager's paths that became no connection
 * @param messagesReceived messages of clients, commands included
 * @param messagesOffered messages for clients: published, relayed, greeted or sent
 * @param messagesSent of these, what a socket has taken
 * @param messagesQueued of these, what is in an outbox now
 * @param drops of these, what a full outbox did not take or gave up, or the relay could not send as text, by reason
 * @param messagesUndelivered of these, what was under way or came late when the connection ended
 * @param eventsLost events that slow subscribers of the publishers did not get
 * @param errors errors so far, by code
 * @param closes connections ended, by close code; at most as many entries as there are codes
 */
public record Statistics(
        Duration uptime,
        int clients,
        Map<String, Integer> topics,
        long connectionsOpened,
        long connectionsClosed,
        long handshakesRefused,
        long messagesReceived,
        long messagesOffered,
        long messagesSent,
        long messagesQueued,
        Map<DropReason, Long> drops,
        long messagesUndelivered,
        long eventsLost,
        Map<ErrorCode, Long> errors,
        Map<Integer, Long> closes) {
    /**
     * Copies the maps.
     *
     * @param uptime {@link #uptime()}
     * @param clients {@link #clients()}
     * @param topics {@link #topics()}
     * @param connectionsOpened {@link #connectionsOpened()}
     * @param connectionsClosed {@link #connectionsClosed()}
     * @param handshakesRefused {@link #handshakesRefused()}
     * @param messagesReceived {@link #messagesReceived()}
     * @param messagesOffered {@link #messagesOffered()}
     * @param messagesSent {@link #messagesSent()}
     * @param messagesQueued {@link #messagesQueued()}
     * @param drops {@link #drops()}
     * @param messagesUndelivered {@link #messagesUndelivered()}
     * @param eventsLost {@link #eventsLost()}
     * @param errors {@link #errors()}
     * @param closes {@link #closes()}
     */
    public Statistics {
        topics = Map.copyOf(topics);
        drops = Map.copyOf(drops);
        errors = Map.copyOf(errors);
        closes = Map.copyOf(closes);
    }

    /**
     * Adds up {@link #drops()}.
     *
     * @return messages that a full outbox did not take or gave up, or the relay could not send as text
     */
    public long messagesDropped() {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }
}
