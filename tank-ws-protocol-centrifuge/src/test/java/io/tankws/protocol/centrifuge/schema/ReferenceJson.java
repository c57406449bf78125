package io.tankws.protocol.centrifuge.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** The JSON of messages of the schema, by a writer that shares no code with that of the module. */
public final class ReferenceJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private static final Set<String> ALWAYS = Set.of(
            "ClientInfo.user",
            "ClientInfo.client",
            "PresenceResult.presence",
            "PresenceStatsResult.num_clients",
            "PresenceStatsResult.num_users",
            "HistoryResult.publications",
            "HistoryResult.epoch",
            "HistoryResult.offset");

    private ReferenceJson() {}

    /** Returns a message with its fields in the order of their tags. */
    public static String of(Message message) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            write(json, message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Message message) throws IOException {
        json.writeStartObject();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            boolean isPresent = field.isRepeated()
                    ? message.getRepeatedFieldCount(field) > 0
                    : field.hasPresence()
                            ? message.hasField(field)
                            : !message.getField(field).equals(field.getDefaultValue());
            if (isPresent || ALWAYS.contains(field.getFullName())) {
                json.writeFieldName(field.getName());
                if (field.isMapField()) {
                    entries(json, (List<?>) message.getField(field));
                } else if (field.isRepeated()) {
                    json.writeStartArray();
                    for (Object value : (List<?>) message.getField(field)) {
                        value(json, field, value);
                    }
                    json.writeEndArray();
                } else {
                    value(json, field, message.getField(field));
                }
            }
        }
        json.writeEndObject();
    }

    private static void entries(JsonGenerator json, List<?> entries) throws IOException {
        json.writeStartObject();
        for (Object each : entries) {
            DynamicMessage entry = (DynamicMessage) each;
            FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
            json.writeFieldName(
                    (String) entry.getField(entry.getDescriptorForType().findFieldByNumber(1)));
            value(json, value, entry.getField(value));
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, FieldDescriptor field, Object value) throws IOException {
        switch (field.getType()) {
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
            case INT32 -> json.writeNumber((Integer) value);
            case UINT64 -> json.writeNumber(Long.toUnsignedString((Long) value));
            case INT64, SINT64 -> json.writeNumber((Long) value);
            case BOOL -> json.writeBoolean((Boolean) value);
            case STRING -> json.writeString((String) value);
            case BYTES -> json.writeRawValue(((ByteString) value).toStringUtf8());
            case MESSAGE -> write(json, (Message) value);
            default -> throw new IllegalArgumentException(field.toString());
        }
    }
}
