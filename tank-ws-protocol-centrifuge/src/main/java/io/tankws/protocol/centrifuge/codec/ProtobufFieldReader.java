package io.tankws.protocol.centrifuge.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of Protobuf (proto3). Unknown fields are skipped, groups too. A field of a known tag must have the wire type
 * of its type. Nothing is allocated for a length before the bytes are there.
 */
public final class ProtobufFieldReader implements FieldReader {
    private static final int VARINT = ProtobufFieldWriter.VARINT;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = ProtobufFieldWriter.LENGTH_DELIMITED;
    private static final int START_GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED32 = 5;

    private static final int MAX_TAG = (1 << 29) - 1;
    private static final int MAX_VARINT_BYTES = 10;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final FieldNames NO_NAMES = FieldNames.builder().build();

    private final ByteBuffer in;
    /** The position after the current message. */
    private int end;

    private int wireType;
    private int depth;

    private ProtobufFieldReader(ByteBuffer in, int end) {
        this.in = in;
        this.end = end;
    }

    /**
     * Reads one message after its length.
     *
     * @param in the position moves to the end of the message
     * @throws MalformedMessageException if the length exceeds the remaining bytes, or if the message is malformed
     */
    public static <T> T readDelimited(ByteBuffer in, MessageReader<T> reader) throws MalformedMessageException {
        try {
            ProtobufFieldReader fields = new ProtobufFieldReader(in, in.limit());
            int length = fields.length();
            fields.end = in.position() + length;
            return reader.read(fields);
        } catch (MalformedMessageException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedMessageException("a message must be Protobuf");
        }
    }

    @Override
    public int nextField(FieldNames names) throws IOException {
        if (in.position() == end) {
            return END;
        }
        long key = varint();
        wireType = (int) key & 7;
        long tag = key >>> 3;
        if (tag == 0 || tag > MAX_TAG) {
            throw malformed("a tag must be 1 to " + MAX_TAG);
        }
        return (int) tag;
    }

    @Override
    public void skip() throws IOException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> skip(Long.BYTES);
            case LENGTH_DELIMITED -> skip(length());
            case START_GROUP -> skipGroup();
            case FIXED32 -> skip(Integer.BYTES);
            default -> throw malformed("a field must have a known wire type");
        }
    }

    private void skip(int length) throws MalformedMessageException {
        if (length > end - in.position()) {
            throw malformed("a field must not be longer than its message");
        }
        in.position(in.position() + length);
    }

    /** Skips a group with its groups, without recursion. */
    private void skipGroup() throws IOException {
        int open = 1;
        while (open > 0) {
            if (nextField(NO_NAMES) == END) {
                throw malformed("a group must end within its message");
            }
            switch (wireType) {
                case START_GROUP -> open++;
                case END_GROUP -> open--;
                default -> skip();
            }
        }
    }

    private long varint() throws MalformedMessageException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (in.position() == end) {
                throw malformed("a number must not be longer than its message");
            }
            byte b = in.get();
            value |= (long) (b & 0x7F) << 7 * i;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed("a number must have at most " + MAX_VARINT_BYTES + " bytes");
    }

    private int length() throws MalformedMessageException {
        long length = varint();
        if (length < 0 || length > end - in.position()) {
            throw malformed("a length must not exceed the remaining bytes");
        }
        return (int) length;
    }

    private MalformedMessageException malformed(String rule) {
        return new MalformedMessageException(rule + ", but was wrong near byte " + in.position());
    }

    private void require(int expected) throws MalformedMessageException {
        if (wireType != expected) {
            throw malformed("a field must have the wire type of its type");
        }
    }

    @Override
    public long unsignedInt() throws IOException {
        return signedLong() & 0xFFFF_FFFFL;
    }

    @Override
    public int signedInt() throws IOException {
        return (int) signedLong();
    }

    @Override
    public long signedLong() throws IOException {
        require(VARINT);
        return varint();
    }

    @Override
    public long unsignedLong() throws IOException {
        return signedLong();
    }

    @Override
    public boolean flag() throws IOException {
        return signedLong() != 0;
    }

    @Override
    public String text() throws IOException {
        ByteBuffer utf8 = raw();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed("a text must be UTF-8");
        }
    }

    @Override
    public ByteBuffer raw() throws IOException {
        require(LENGTH_DELIMITED);
        int length = length();
        ByteBuffer value = in.slice(in.position(), length);
        in.position(in.position() + length);
        return value;
    }

    @Override
    public <T> @Nullable T message(MessageReader<T> reader) throws IOException {
        return nested(reader);
    }

    private <T> T nested(MessageReader<T> reader) throws IOException {
        require(LENGTH_DELIMITED);
        if (++depth > MAX_DEPTH) {
            throw malformed("messages must be nested at most " + MAX_DEPTH + " levels deep");
        }
        int length = length();
        int outer = end;
        end = in.position() + length;
        T message = reader.read(this);
        end = outer;
        depth--;
        return message;
    }

    @Override
    public <T> void messages(List<T> target, MessageReader<T> reader) throws IOException {
        target.add(nested(reader));
    }

    @Override
    public void texts(List<String> target) throws IOException {
        target.add(text());
    }

    @Override
    public <T> void messageEntries(Map<String, T> target, MessageReader<T> reader) throws IOException {
        nested(entry -> {
            String key = "";
            T value = null;
            for (int tag = nextField(NO_NAMES); tag != END; tag = nextField(NO_NAMES)) {
                switch (tag) {
                    case KEY -> key = text();
                    case VALUE -> value = nested(reader);
                    default -> skip();
                }
            }
            target.put(key, value != null ? value : reader.read(empty()));
            return target;
        });
    }

    private static ProtobufFieldReader empty() {
        return new ProtobufFieldReader(ByteBuffer.allocate(0), 0);
    }

    @Override
    public void textEntries(Map<String, String> target) throws IOException {
        nested(entry -> {
            String key = "";
            String value = "";
            for (int tag = nextField(NO_NAMES); tag != END; tag = nextField(NO_NAMES)) {
                switch (tag) {
                    case KEY -> key = text();
                    case VALUE -> value = text();
                    default -> skip();
                }
            }
            return target.put(key, value);
        });
    }
}
