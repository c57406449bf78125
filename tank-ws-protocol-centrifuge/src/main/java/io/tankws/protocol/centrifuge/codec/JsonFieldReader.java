package io.tankws.protocol.centrifuge.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of one JSON object. */
public final class JsonFieldReader implements FieldReader {
    /** The maximum depth of arrays and objects, also in payloads. The library bounds payloads to 1000 levels. */
    private static final int MAX_JSON_DEPTH = 1000 + MAX_DEPTH;

    /** The maximum number of characters of an integer. The smallest {@code int64} has so many. */
    private static final int MAX_INTEGER_LENGTH = 20;

    /** The number of digits that always fit into a {@code long}. */
    private static final int SAFE_INTEGER_LENGTH = 18;

    private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

    /** The maximum number of pooled buffers. The garbage collector takes further ones. */
    private static final int MAX_BUFFERS = 16;

    /**
     * Jackson without charset detection, because the transport has validated UTF-8. Clients choose the names of
     * fields, so Jackson does not intern them, and names that collide must not let another client fail.
     */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .recyclerPool(JsonRecyclerPools.newBoundedPool(MAX_BUFFERS))
            // The transport bounds the message. A number in a payload may have any length, because it is not converted.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_JSON_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final byte[] bytes;
    private final int offset;
    private int depth;

    private JsonFieldReader(JsonParser parser, byte[] bytes, int offset) {
        this.parser = parser;
        this.bytes = bytes;
        this.offset = offset;
    }

    /**
     * Reads one JSON object, which may have white space around it.
     *
     * @throws MalformedMessageException if the bytes are anything else, or if a field has a wrong type
     */
    public static <T> T read(byte[] bytes, int offset, int length, MessageReader<T> reader)
            throws MalformedMessageException {
        try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedMessageException("a message must be a JSON object");
            }
            T message = reader.read(new JsonFieldReader(parser, bytes, offset));
            if (parser.nextToken() != null) {
                throw new MalformedMessageException("a line must hold one JSON object");
            }
            return message;
        } catch (MalformedMessageException e) {
            throw e;
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw new MalformedMessageException("a message must be JSON, but was wrong near byte " + at);
        } catch (IOException e) {
            throw new MalformedMessageException("a message must be JSON");
        }
    }

    @Override
    public int nextField(FieldNames names) throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            return END;
        }
        int tag = names.tagOf(parser.currentName());
        parser.nextToken();
        return tag;
    }

    @Override
    public void skip() throws IOException {
        parser.skipChildren();
    }

    private boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    private void require(JsonToken expected) throws MalformedMessageException {
        if (parser.currentToken() != expected) {
            throw wrongType();
        }
    }

    private MalformedMessageException wrongType() {
        return new MalformedMessageException("a field has a value of a wrong type near byte "
                + parser.currentTokenLocation().getByteOffset());
    }

    @Override
    public long unsignedInt() throws IOException {
        return integer(0, MAX_UNSIGNED_INT);
    }

    @Override
    public int signedInt() throws IOException {
        return (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public long signedLong() throws IOException {
        return integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Override
    public long unsignedLong() throws IOException {
        return isShort() ? integer(0, Long.MAX_VALUE) : unsigned(parser.getText());
    }

    private boolean isShort() throws IOException {
        return isNull() || parser.getTextLength() <= SAFE_INTEGER_LENGTH;
    }

    private long unsigned(String digits) throws IOException {
        require(JsonToken.VALUE_NUMBER_INT);
        try {
            return Long.parseUnsignedLong(requireShort(digits));
        } catch (NumberFormatException outOfRange) {
            throw wrongType();
        }
    }

    private long integer(long min, long max) throws IOException {
        if (isNull()) {
            return 0;
        }
        require(JsonToken.VALUE_NUMBER_INT);
        long value;
        try {
            value = isShort() ? parser.getLongValue() : Long.parseLong(requireShort(parser.getText()));
        } catch (NumberFormatException outOfRange) {
            throw wrongType();
        }
        if (value < min || value > max) {
            throw wrongType();
        }
        return value;
    }

    private String requireShort(String digits) throws MalformedMessageException {
        if (digits.length() > MAX_INTEGER_LENGTH) {
            throw wrongType();
        }
        return digits;
    }

    @Override
    public boolean flag() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw wrongType();
        };
    }

    @Override
    public String text() throws IOException {
        if (isNull()) {
            return "";
        }
        require(JsonToken.VALUE_STRING);
        return requireWellFormed(parser.getText());
    }

    /** Checks that UTF-8 can encode a text, because JSON can escape half of a surrogate pair. */
    private String requireWellFormed(String text) throws MalformedMessageException {
        for (int i = 0, length = text.length(); i < length; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (i + 1 == length || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    throw wrongType();
                }
                i++;
            }
        }
        return text;
    }

    @Override
    public ByteBuffer raw() throws IOException {
        int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        parser.finishToken();
        int end = Math.toIntExact(parser.currentLocation().getByteOffset());
        return ByteBuffer.wrap(bytes, offset + start, end - start).slice();
    }

    @Override
    public <T> @Nullable T message(MessageReader<T> reader) throws IOException {
        return isNull() ? null : nested(reader);
    }

    private <T> T nested(MessageReader<T> reader) throws IOException {
        require(JsonToken.START_OBJECT);
        if (++depth > MAX_DEPTH) {
            throw new MalformedMessageException("messages must be nested at most " + MAX_DEPTH + " levels deep");
        }
        T message = reader.read(this);
        depth--;
        return message;
    }

    @Override
    public <T> void messages(List<T> target, MessageReader<T> reader) throws IOException {
        if (!isNull()) {
            require(JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                target.add(nested(reader));
            }
        }
    }

    @Override
    public void texts(List<String> target) throws IOException {
        if (!isNull()) {
            require(JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                target.add(text());
            }
        }
    }

    @Override
    public <T> void messageEntries(Map<String, T> target, MessageReader<T> reader) throws IOException {
        entries(key -> target.put(key, nested(reader)));
    }

    @Override
    public void textEntries(Map<String, String> target) throws IOException {
        entries(key -> target.put(key, text()));
    }

    private void entries(EntryReader entry) throws IOException {
        if (!isNull()) {
            require(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = requireWellFormed(parser.currentName());
                parser.nextToken();
                entry.read(key);
            }
        }
    }

    /** A function that reads the value of an entry of a map. */
    @FunctionalInterface
    private interface EntryReader {
        void read(String key) throws IOException;
    }
}
