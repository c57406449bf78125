package io.tankws.protocol.centrifuge.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.util.List;
import java.util.Random;

/** Random messages of the schema, with unusual texts, numbers and payloads. */
public final class RandomMessages {
    private static final int MAX_DEPTH = 5;
    private static final List<String> TEXTS = List.of(
            "",
            "news",
            "aBc:1",
            "\u00e9\u4e2d\ud83d\ude00",
            "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028",
            "</script>",
            "x".repeat(200));
    private static final List<String> JSON = List.of(
            "{}",
            "[ ]",
            "null",
            "true",
            "\"a\\nb\\u00e9\u4e2d\"",
            "12345678901234567890123456789.50e+300",
            "-0",
            "{\"z\":1, \"a\" : [9007199254740993,{\"z\":null}] }",
            "\"" + "y".repeat(300) + "\"");

    private final Random random;

    /** Creates a source that is repeatable for a seed. */
    public RandomMessages(long seed) {
        random = new Random(seed);
    }

    /** Returns a message with random fields. */
    public DynamicMessage message(Descriptor type) {
        return message(type, 0);
    }

    private DynamicMessage message(Descriptor type, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (random.nextInt(3) == 0 || field.isRequired()) {
                continue;
            }
            if (field.isMapField()) {
                addEntries(message, field, depth);
            } else if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0 && depth < MAX_DEPTH; i--) {
                    message.addRepeatedField(field, value(field, depth));
                }
            } else if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || depth < MAX_DEPTH) {
                message.setField(field, value(field, depth));
            }
        }
        return message.build();
    }

    private void addEntries(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
        Descriptor entry = field.getMessageType();
        for (int i = 0, n = random.nextInt(4); i < n && depth < MAX_DEPTH; i++) {
            message.addRepeatedField(
                    field,
                    DynamicMessage.newBuilder(entry)
                            .setField(entry.findFieldByNumber(1), text() + i)
                            .setField(entry.findFieldByNumber(2), value(entry.findFieldByNumber(2), depth))
                            .build());
        }
    }

    private Object value(FieldDescriptor field, int depth) {
        return switch (field.getType()) {
            case UINT32, INT32 -> random.nextInt() >> random.nextInt(32);
            // No offset of a server reaches 2^63.
            case UINT64 -> random.nextLong() >>> 1 + random.nextInt(63);
            case INT64, SINT64 -> random.nextLong() >> random.nextInt(64);
            case BOOL -> random.nextBoolean();
            case STRING -> text();
            case BYTES -> ByteString.copyFromUtf8(JSON.get(random.nextInt(JSON.size())));
            case MESSAGE -> message(field.getMessageType(), depth + 1);
            default -> throw new IllegalArgumentException(field.toString());
        };
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** Returns a choice of the values. */
    public <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
