package io.tankws;

import io.tankws.wire.Utf8Proof;
import io.tankws.wire.Utf8Validator;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text or binary message. Immutable and thread-safe. Its {@link Frame} is encoded once, whatever the number of
 * receivers.
 *
 * <p>Not to be extended by applications; kinds may be added.
 */
public abstract sealed class Message permits Message.Text, Message.Binary {
    private final Frame frame;
    private final @Nullable String topic;

    private Message(Frame frame, @Nullable String topic) {
        this.frame = frame;
        this.topic = topic;
    }

    /**
     * Creates a text message.
     *
     * @param text any text that UTF-8 can encode
     * @return the message
     * @throws IllegalArgumentException if the text has a lone surrogate
     */
    public static Text text(String text) {
        try {
            // getBytes would replace characters that cannot be encoded by question marks.
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return new Text(Frame.of(Frame.Opcode.TEXT, utf8), null, text);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text message cannot hold a lone surrogate", e);
        }
    }

    /**
     * Creates a text message from UTF-8.
     *
     * @param utf8 text; copied from its position to its limit, which do not change
     * @return the message
     * @throws IllegalArgumentException if the bytes are not UTF-8 (RFC 3629)
     */
    public static Text text(ByteBuffer utf8) {
        return new Text(textFrame(utf8), null, null);
    }

    /**
     * Creates a text message that belongs to a topic.
     *
     * @param topic the topic that the message is published to
     * @param utf8 the text as subscribers get it; copied from its position to its limit, which do not change
     * @return the message
     * @throws IllegalArgumentException if the bytes are not UTF-8 (RFC 3629)
     */
    public static Text text(String topic, ByteBuffer utf8) {
        return new Text(textFrame(utf8), Objects.requireNonNull(topic, "topic"), null);
    }

    /**
     * Creates a text message from bytes that are not checked again. Applications cannot call this method, because the
     * type of the proof is not exported.
     *
     * @param topic the topic that the message is published to, or {@code null} if there is none
     * @param utf8 valid UTF-8; copied from its position to its limit, which do not change
     * @param proof states that the bytes are valid
     * @return the message
     */
    @SuppressWarnings("exports") // no other module may call this method
    public static Text text(@Nullable String topic, ByteBuffer utf8, Utf8Proof proof) {
        Objects.requireNonNull(proof, "proof");
        return new Text(Frame.of(Frame.Opcode.TEXT, utf8), topic, null);
    }

    /**
     * Creates a binary message.
     *
     * @param payload payload; copied from its position to its limit, which do not change
     * @return the message
     */
    public static Binary binary(ByteBuffer payload) {
        return new Binary(Frame.of(Frame.Opcode.BINARY, payload));
    }

    /**
     * Creates a binary message.
     *
     * @param payload payload; copied
     * @return the message
     */
    public static Binary binary(byte[] payload) {
        return binary(ByteBuffer.wrap(payload));
    }

    private static Frame textFrame(ByteBuffer utf8) {
        if (!Utf8Validator.isValid(utf8)) {
            throw new IllegalArgumentException("a text message must be UTF-8");
        }
        return Frame.of(Frame.Opcode.TEXT, utf8);
    }

    /**
     * Returns the encoded message.
     *
     * @return the same frame at each call
     */
    public final Frame frame() {
        return frame;
    }

    /**
     * Returns the payload; for a text, its UTF-8.
     *
     * @return a read-only view, new at each call
     */
    public final ByteBuffer payload() {
        return frame.payload();
    }

    /**
     * Returns the size of the payload.
     *
     * @return bytes
     */
    public final int size() {
        return frame.payloadLength();
    }

    /**
     * Returns the topic that the message was published to.
     *
     * @return empty for broadcasts, relayed and direct messages
     */
    public final Optional<String> topic() {
        return Optional.ofNullable(topic);
    }

    /** Returns kind and size, never the content. */
    @Override
    public final String toString() {
        return frame.toString();
    }

    /** A text message. */
    public static final class Text extends Message {
        private @Nullable String text;

        private Text(Frame frame, @Nullable String topic, @Nullable String text) {
            super(frame, topic);
            this.text = text;
        }

        /**
         * Returns the text.
         *
         * @return decoded at the first call
         */
        public String text() {
            // A race decodes twice to the same immutable value.
            String known = text;
            if (known == null) {
                known = StandardCharsets.UTF_8.decode(payload()).toString();
                text = known;
            }
            return known;
        }
    }

    /** A binary message. */
    public static final class Binary extends Message {
        private Binary(Frame frame) {
            super(frame, null);
        }
    }
}
