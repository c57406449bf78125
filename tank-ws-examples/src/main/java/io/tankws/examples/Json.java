package io.tankws.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tankws.ClusterHealth;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Statistics;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON responses of the HTTP port. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** The most characters of topics in one response. Each connection may hold a response, so the rest is omitted. */
    private static final int MAX_TOPIC_CHARS = 32 * 1024;

    private static final int CHARS_PER_TOPIC = 16;

    /** A writer of the fields of an open object. */
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    static String stats(Statistics statistics, Map<String, Integer> topics, Optional<ClusterSummary.Figures> cluster) {
        return object(json -> writeStats(json, statistics, topics, cluster));
    }

    static String events(
            Statistics statistics,
            Map<String, Integer> topics,
            Optional<ClusterSummary.Figures> cluster,
            List<EventLog.Entry> events) {
        return object(json -> {
            json.writeObjectFieldStart("stats");
            writeStats(json, statistics, topics, cluster);
            json.writeEndObject();
            json.writeArrayFieldStart("events");
            for (EventLog.Entry event : events) {
                json.writeStartObject();
                json.writeNumberField("number", event.number());
                json.writeStringField("time", event.time().toString());
                json.writeStringField("kind", event.kind());
                json.writeStringField("user", event.user());
                json.writeStringField("detail", event.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void writeStats(
            JsonGenerator json,
            Statistics statistics,
            Map<String, Integer> topics,
            Optional<ClusterSummary.Figures> cluster)
            throws IOException {
        json.writeNumberField("clients", statistics.clients());
        int omitted = writeTopics(json, topics);
        if (omitted > 0) {
            json.writeNumberField("topicsOmitted", omitted);
        }
        json.writeNumberField("uptimeSeconds", statistics.uptime().toSeconds());
        json.writeNumberField("connectionsOpened", statistics.connectionsOpened());
        json.writeNumberField("connectionsClosed", statistics.connectionsClosed());
        json.writeNumberField("handshakesRefused", statistics.handshakesRefused());
        json.writeNumberField("messagesReceived", statistics.messagesReceived());
        json.writeNumberField("messagesOffered", statistics.messagesOffered());
        json.writeNumberField("messagesRecovered", statistics.messagesRecovered());
        json.writeNumberField("messagesSent", statistics.messagesSent());
        json.writeNumberField("messagesWaiting", statistics.messagesQueued());
        json.writeNumberField("messagesDropped", statistics.messagesDropped());
        json.writeObjectFieldStart("drops");
        for (Map.Entry<DropReason, Long> drop : statistics.drops().entrySet()) {
            json.writeNumberField(drop.getKey().name(), drop.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("messagesUndelivered", statistics.messagesUndelivered());
        json.writeNumberField("eventsLost", statistics.eventsLost());
        json.writeObjectFieldStart("errors");
        for (Map.Entry<ErrorCode, Long> error : statistics.errors().entrySet()) {
            json.writeNumberField(String.valueOf(error.getKey().value()), error.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("closes");
        for (Map.Entry<Integer, Long> close : statistics.closes().entrySet()) {
            json.writeNumberField(String.valueOf(close.getKey()), close.getValue());
        }
        json.writeEndObject();
        if (cluster.isPresent()) {
            writeCluster(json, cluster.get());
        }
    }

    /** Writes the topics that fit, and returns the number of omitted ones. */
    private static int writeTopics(JsonGenerator json, Map<String, ? extends Number> topics) throws IOException {
        int room = MAX_TOPIC_CHARS;
        int written = 0;
        json.writeObjectFieldStart("topics");
        for (Map.Entry<String, ? extends Number> topic : topics.entrySet()) {
            room -= topic.getKey().length() + CHARS_PER_TOPIC;
            if (room < 0) {
                break;
            }
            json.writeNumberField(topic.getKey(), topic.getValue().longValue());
            written++;
        }
        json.writeEndObject();
        return topics.size() - written;
    }

    private static void writeCluster(JsonGenerator json, ClusterSummary.Figures figures) throws IOException {
        ClusterHealth health = figures.health();
        json.writeObjectFieldStart("cluster");
        json.writeStringField("name", figures.name());
        json.writeStringField("status", health.status().name());
        json.writeStringField("since", health.since().toString());
        json.writeStringField("detail", health.detail());
        if (figures.clients().isPresent()) {
            json.writeNumberField("clients", figures.clients().getAsLong());
        } else {
            json.writeNullField("clients");
        }
        writeTopics(json, figures.topics());
        json.writeNumberField("published", health.published());
        json.writeNumberField("publishFailures", health.publishFailures());
        json.writeNumberField("pending", health.pending());
        json.writeNumberField("received", health.received());
        json.writeNumberField("missed", health.missed());
        json.writeNumberField("deliveredLocally", health.deliveredLocally());
        // A page of another node connects to the WebSocket port of this one.
        json.writeNumberField("port", figures.port());
        json.writeStringField("path", figures.path());
        json.writeEndObject();
    }

    private static String object(Body body) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
