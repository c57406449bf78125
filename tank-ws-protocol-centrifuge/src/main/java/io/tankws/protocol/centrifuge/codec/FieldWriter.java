package io.tankws.protocol.centrifuge.codec;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer of the fields of a message. A field with the default value of its type is omitted, unless {@link #always}
 * precedes it. Not thread-safe.
 *
 * <p>Each method takes the tag of the field in Protobuf and its name in JSON.
 */
public interface FieldWriter {
    /** Writes the next field in JSON even if it has its default value. Protobuf omits such a field in any case. */
    FieldWriter always();

    /** Writes an {@code int32}, an {@code int64} or a {@code uint32}. */
    void number(int tag, String name, long value);

    /** Writes a {@code bool}. */
    void flag(int tag, String name, boolean value);

    /** Writes a {@code string}. */
    void text(int tag, String name, String value);

    /**
     * Writes {@code bytes}.
     *
     * @param value in JSON the text of one JSON value, of which newlines between tokens are removed; {@code null} is
     *     omitted
     */
    void raw(int tag, String name, @Nullable ByteBuffer value);

    /** Writes a nested message, even if it is empty. {@code null} is omitted. */
    void message(int tag, String name, @Nullable WireMessage value);

    /** Writes a repeated field of messages. */
    void messages(int tag, String name, List<? extends WireMessage> values);

    /** Writes a map of messages. */
    void messageEntries(int tag, String name, Map<String, ? extends WireMessage> entries);

    /** Writes a map of texts. */
    void textEntries(int tag, String name, Map<String, String> entries);
}
