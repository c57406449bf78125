package io.tankws.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Statistics;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** What the HTTP port answers, as JSON. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes into an open object. */
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    static String stats(Statistics statistics) {
        return object(json -> writeStats(json, statistics));
    }

    static String events(Statistics statistics, List<EventLog.Entry> events) {
        return object(json -> {
            json.writeObjectFieldStart("stats");
            writeStats(json, statistics);
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

    private static void writeStats(JsonGenerator json, Statistics statistics) throws IOException {
        json.writeNumberField("clients", statistics.clients());
        json.writeObjectFieldStart("topics");
        for (Map.Entry<String, Integer> topic : statistics.topics().entrySet()) {
            json.writeNumberField(topic.getKey(), topic.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("uptimeSeconds", statistics.uptime().toSeconds());
        json.writeNumberField("connectionsOpened", statistics.connectionsOpened());
        json.writeNumberField("connectionsClosed", statistics.connectionsClosed());
        json.writeNumberField("handshakesRefused", statistics.handshakesRefused());
        json.writeNumberField("messagesReceived", statistics.messagesReceived());
        json.writeNumberField("messagesOffered", statistics.messagesOffered());
        json.writeNumberField("messagesSent", statistics.messagesSent());
        json.writeNumberField("messagesWaiting", statistics.messagesWaiting());
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
