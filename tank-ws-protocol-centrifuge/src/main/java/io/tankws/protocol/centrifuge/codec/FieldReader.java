package io.tankws.protocol.centrifuge.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the fields of a message in the order in which they arrive. A message asks for {@link #nextField} until
 * the result is {@link #END}, and takes the value of each field with the method for its type. Not thread-safe.
 *
 * <p>The value {@code null} of JSON stands for the default of the type, except in {@link #raw}. Nested messages are
 * read at most {@link #MAX_DEPTH} levels deep, so that no message exhausts the stack.
 *
 * <p>All methods throw an {@link IOException} if the message is malformed, and only then.
 */
public interface FieldReader {
    /** The maximum depth of nested messages. A deeper message is malformed. */
    int MAX_DEPTH = 32;

    /** The result of {@link #nextField} at the end of the message. */
    int END = 0;

    /**
     * Moves to the next field.
     *
     * @return its tag, which may be unknown to the message, or {@link #END}
     */
    int nextField(FieldNames names) throws IOException;

    /** Skips the value of a field that the message does not know. */
    void skip() throws IOException;

    /** Reads a {@code uint32} as 0 to 4294967295. */
    long unsignedInt() throws IOException;

    /** Reads an {@code int32}. */
    int signedInt() throws IOException;

    /** Reads an {@code int64}. */
    long signedLong() throws IOException;

    /** Reads a {@code uint64}. A value of 2^63 or more is negative. */
    long unsignedLong() throws IOException;

    /** Reads a {@code bool}. */
    boolean flag() throws IOException;

    /** Reads a {@code string} that UTF-8 can encode. */
    String text() throws IOException;

    /**
     * Reads {@code bytes}.
     *
     * @return a view of the received message: in JSON the text of one value as it arrived, in Protobuf any bytes
     */
    ByteBuffer raw() throws IOException;

    /** Reads a nested message, or returns {@code null} for the value {@code null} of JSON. */
    <T> @Nullable T message(MessageReader<T> reader) throws IOException;

    /** Adds the messages of a repeated field to a list. */
    <T> void messages(List<T> target, MessageReader<T> reader) throws IOException;

    /** Adds the texts of a repeated field to a list. */
    void texts(List<String> target) throws IOException;

    /** Adds the entries of a map of messages to a map. The last of several entries with one key counts. */
    <T> void messageEntries(Map<String, T> target, MessageReader<T> reader) throws IOException;

    /** Adds the entries of a map of texts to a map. The last of several entries with one key counts. */
    void textEntries(Map<String, String> target) throws IOException;
}
