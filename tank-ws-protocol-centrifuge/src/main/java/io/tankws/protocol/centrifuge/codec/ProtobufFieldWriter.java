package io.tankws.protocol.centrifuge.codec;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of Protobuf (proto3). */
public final class ProtobufFieldWriter implements FieldWriter {
    /** The wire type of numbers and flags. */
    static final int VARINT = 0;
    /** The wire type of texts, bytes and nested messages. */
    static final int LENGTH_DELIMITED = 2;

    private static final int KEY = 1;
    private static final int VALUE = 2;

    private final ByteOutput out;

    /** Creates a writer. */
    public ProtobufFieldWriter(ByteOutput out) {
        this.out = out;
    }

    /** Writes a message after its length. */
    public void writeDelimited(WireMessage message) {
        int start = out.size();
        message.writeTo(this);
        out.insertLength(start);
    }

    @Override
    public FieldWriter always() {
        return this;
    }

    private void tag(int tag, int wireType) {
        out.varint((long) tag << 3 | wireType);
    }

    @Override
    public void number(int tag, String name, long value) {
        if (value != 0) {
            tag(tag, VARINT);
            out.varint(value);
        }
    }

    @Override
    public void flag(int tag, String name, boolean value) {
        number(tag, name, value ? 1 : 0);
    }

    @Override
    public void text(int tag, String name, String value) {
        if (!value.isEmpty()) {
            tag(tag, LENGTH_DELIMITED);
            int start = out.size();
            out.utf8(value);
            out.insertLength(start);
        }
    }

    @Override
    public void raw(int tag, String name, @Nullable ByteBuffer value) {
        if (value != null && value.hasRemaining()) {
            tag(tag, LENGTH_DELIMITED);
            out.varint(value.remaining());
            out.put(value);
        }
    }

    @Override
    public void message(int tag, String name, @Nullable WireMessage value) {
        if (value != null) {
            tag(tag, LENGTH_DELIMITED);
            writeDelimited(value);
        }
    }

    @Override
    public void messages(int tag, String name, List<? extends WireMessage> values) {
        for (WireMessage value : values) {
            message(tag, name, value);
        }
    }

    @Override
    public void messageEntries(int tag, String name, Map<String, ? extends WireMessage> entries) {
        entries.forEach((key, value) -> message(tag, name, entry -> {
            entry.text(KEY, "", key);
            entry.message(VALUE, "", value);
        }));
    }

    @Override
    public void textEntries(int tag, String name, Map<String, String> entries) {
        entries.forEach((key, value) -> message(tag, name, entry -> {
            entry.text(KEY, "", key);
            entry.text(VALUE, "", value);
        }));
    }
}
