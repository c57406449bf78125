package io.tankws;

import io.tankws.wire.JsonScanner;
import io.tankws.wire.Utf8Text;
import io.tankws.wire.Utf8Validator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of a {@link Publication}: its kind and its bytes. Immutable and thread-safe.
 *
 * <p>A payload has no maximum size of its own. The kind determines how a protocol carries the payload: a protocol that
 * can carry JSON sends a JSON payload as it is, and a text as a JSON string.
 */
public final class Payload {
    /** The kinds of payloads. */
    public enum Kind {
        /** Any text, in UTF-8. */
        TEXT,
        /** One complete JSON value (RFC 8259), in UTF-8. */
        JSON,
        /** Any bytes. */
        BINARY
    }

    private final Kind kind;
    private final byte[] bytes;

    private Payload(Kind kind, byte[] bytes) {
        this.kind = kind;
        this.bytes = bytes;
    }

    /**
     * Creates a text payload.
     *
     * @param text any text that UTF-8 can encode
     * @return the payload
     * @throws IllegalArgumentException if the text has a lone surrogate
     */
    public static Payload text(String text) {
        return new Payload(Kind.TEXT, Utf8Text.encode("a text payload", text));
    }

    /**
     * Creates a text payload from bytes that are already UTF-8.
     *
     * @param utf8 the text in UTF-8; copied from its position to its limit, which do not change
     * @return the payload
     * @throws IllegalArgumentException if the bytes are not UTF-8
     */
    public static Payload text(ByteBuffer utf8) {
        return new Payload(Kind.TEXT, copyOfUtf8("a text payload", utf8));
    }

    /**
     * Creates a JSON payload from text that is already JSON. The text is kept as it is, with its white space.
     *
     * @param json one complete JSON value of any type, at most {@value io.tankws.wire.JsonScanner#MAX_DEPTH} levels
     *     deep
     * @return the payload
     * @throws IllegalArgumentException if the text is not such a value or has a lone surrogate; the exception names
     *     the first wrong byte
     */
    public static Payload json(String json) {
        return checkedJson(Utf8Text.encode("a JSON payload", json));
    }

    /**
     * Creates a JSON payload from bytes that are already JSON. The bytes are kept as they are, with white space.
     *
     * @param json one complete JSON value of any type in UTF-8, at most
     *     {@value io.tankws.wire.JsonScanner#MAX_DEPTH} levels deep; copied
     * @return the payload
     * @throws IllegalArgumentException if the bytes are not such a value; the exception names the first wrong byte
     */
    public static Payload json(byte[] json) {
        return json(ByteBuffer.wrap(json));
    }

    /**
     * Creates a JSON payload from bytes that are already JSON, as {@link #json(byte[])} does.
     *
     * @param json one complete JSON value; copied from its position to its limit, which do not change
     * @return the payload
     * @throws IllegalArgumentException if the bytes are not such a value; the exception names the first wrong byte
     */
    public static Payload json(ByteBuffer json) {
        return checkedJson(copyOfUtf8("a JSON payload", json));
    }

    /**
     * Creates a binary payload.
     *
     * @param bytes any bytes; copied
     * @return the payload
     */
    public static Payload binary(byte[] bytes) {
        return new Payload(Kind.BINARY, bytes.clone());
    }

    /**
     * Creates a binary payload.
     *
     * @param bytes any bytes; copied from the position to the limit, which do not change
     * @return the payload
     */
    public static Payload binary(ByteBuffer bytes) {
        return new Payload(Kind.BINARY, copy(bytes));
    }

    private static Payload checkedJson(byte[] utf8) {
        int invalid = JsonScanner.firstInvalid(utf8);
        if (invalid != JsonScanner.VALID) {
            throw new IllegalArgumentException("a JSON payload must be one complete JSON value, but was wrong at byte "
                    + invalid + " of " + utf8.length);
        }
        return new Payload(Kind.JSON, utf8);
    }

    /** Copies bytes and checks the copy, because the caller might change the original during the check. */
    private static byte[] copyOfUtf8(String name, ByteBuffer source) {
        byte[] copy = copy(source);
        if (!Utf8Validator.isValid(ByteBuffer.wrap(copy))) {
            throw new IllegalArgumentException(name + " must be UTF-8");
        }
        return copy;
    }

    private static byte[] copy(ByteBuffer source) {
        byte[] copy = new byte[source.remaining()];
        source.get(source.position(), copy);
        return copy;
    }

    /** {@return the kind} */
    public Kind kind() {
        return kind;
    }

    /** {@return the number of bytes} */
    public int size() {
        return bytes.length;
    }

    /** {@return a read-only view of the bytes, new at each call} */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Copies the bytes.
     *
     * @param target receives {@link #size()} bytes from its position on
     * @throws java.nio.BufferOverflowException if they do not fit
     */
    public void copyTo(ByteBuffer target) {
        Objects.requireNonNull(target, "target").put(bytes);
    }

    /**
     * Returns the text of a TEXT payload, or the JSON text of a JSON payload.
     *
     * @return decoded at each call
     * @throws IllegalStateException if the kind is {@link Kind#BINARY}
     */
    public String asText() {
        if (kind == Kind.BINARY) {
            throw new IllegalStateException("a payload with a text must be TEXT or JSON, but was BINARY");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns whether the other payload has the same kind and the same bytes. JSON is not compared by its meaning. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload && kind == payload.kind && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns kind and size, never the content. */
    @Override
    public String toString() {
        return kind + "[" + bytes.length + " bytes]";
    }
}
