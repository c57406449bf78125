package io.tankws.core.outbox;

import io.tankws.HistoryQuery;
import io.tankws.StreamPosition;

/**
 * A request for the next page of a history that an outbox has room for.
 *
 * @param behind topic, which identifies the request
 * @param since position that the page continues from
 * @param publications maximum number of publications
 * @param bytes maximum bytes of their messages, except that a single message may be larger
 */
public record HistoryRequest(BehindTopic behind, StreamPosition since, int publications, long bytes) {
    /** Returns the topic. */
    public String topic() {
        return behind.name;
    }

    /** Returns the query that reads the page. */
    public HistoryQuery query() {
        return HistoryQuery.builder().since(since).limit(publications).build();
    }
}
