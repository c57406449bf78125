package io.tankws.protocol.centrifuge.codec;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of JSON. A message never contains a newline, because newlines separate messages. */
public final class JsonFieldWriter implements FieldWriter {
    private final ByteOutput out;
    private boolean isAlways;
    private boolean isFirst;

    /** Creates a writer. */
    public JsonFieldWriter(ByteOutput out) {
        this.out = out;
    }

    /** Writes a whole message. */
    public void write(WireMessage message) {
        isFirst = true;
        out.put('{');
        message.writeTo(this);
        out.put('}');
        isFirst = false;
    }

    @Override
    public FieldWriter always() {
        isAlways = true;
        return this;
    }

    /** Writes the name of a field, unless the field is omitted. */
    private boolean begins(String name, boolean isDefault) {
        boolean isWritten = isAlways || !isDefault;
        isAlways = false;
        if (isWritten) {
            separate();
            out.put('"');
            out.ascii(name);
            out.put('"');
            out.put(':');
        }
        return isWritten;
    }

    private void separate() {
        if (!isFirst) {
            out.put(',');
        }
        isFirst = false;
    }

    @Override
    public void number(int tag, String name, long value) {
        if (begins(name, value == 0)) {
            out.ascii(Long.toString(value));
        }
    }

    @Override
    public void flag(int tag, String name, boolean value) {
        if (begins(name, !value)) {
            out.ascii(value ? "true" : "false");
        }
    }

    @Override
    public void text(int tag, String name, String value) {
        if (begins(name, value.isEmpty())) {
            JsonText.write(out, value);
        }
    }

    @Override
    public void raw(int tag, String name, @Nullable ByteBuffer value) {
        if (begins(name, value == null)) {
            if (value == null) {
                out.ascii("null");
                return;
            }
            int start = out.size();
            out.put(value);
            out.removeLineBreaks(start);
        }
    }

    @Override
    public void message(int tag, String name, @Nullable WireMessage value) {
        if (value != null && begins(name, false)) {
            write(value);
        }
    }

    @Override
    public void messages(int tag, String name, List<? extends WireMessage> values) {
        if (begins(name, values.isEmpty())) {
            out.put('[');
            String separator = "";
            for (WireMessage value : values) {
                out.ascii(separator);
                write(value);
                separator = ",";
            }
            out.put(']');
        }
    }

    @Override
    public void messageEntries(int tag, String name, Map<String, ? extends WireMessage> entries) {
        if (begins(name, entries.isEmpty())) {
            openObject();
            entries.forEach((key, value) -> {
                key(key);
                write(value);
            });
            closeObject();
        }
    }

    @Override
    public void textEntries(int tag, String name, Map<String, String> entries) {
        if (begins(name, entries.isEmpty())) {
            openObject();
            entries.forEach((key, value) -> {
                key(key);
                JsonText.write(out, value);
            });
            closeObject();
        }
    }

    private void openObject() {
        out.put('{');
        isFirst = true;
    }

    private void key(String key) {
        separate();
        JsonText.write(out, key);
        out.put(':');
    }

    private void closeObject() {
        out.put('}');
        isFirst = false;
    }
}
