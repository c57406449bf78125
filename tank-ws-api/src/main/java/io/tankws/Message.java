package io.tankws;

import io.tankws.wire.Utf8Validator;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One text or binary message. Immutable, safe for use by several threads; its {@link Frame} is made once, however many
 * clients it goes to.
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
     * Makes a text message.
     *
     * @param text any text that UTF-8 can express
     * @return the message
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    public static Text text(String text) {
        try {
            // Not getBytes: that would put a question mark in place of what cannot be encoded.
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return new Text(Frame.of(Frame.Opcode.TEXT, utf8), null, text);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text message cannot hold a lone surrogate", e);
        }
    }

    /**
     * Makes a text message of encoded text.
     *
     * @param utf8 copied from its position to its limit, which both stay
     * @return the message
     * @throws IllegalArgumentException if it is not UTF-8 (RFC 3629)
     */
    public static Text text(ByteBuffer utf8) {
        return new Text(textFrame(utf8), null, null);
    }

    /**
     * Makes a text message that belongs to a topic.
     *
     * @param topic the topic it is published to
     * @param utf8 the text as subscribers get it; copied from its position to its limit, which both stay
     * @return the message
     * @throws IllegalArgumentException if it is not UTF-8 (RFC 3629)
     */
    public static Text text(String topic, ByteBuffer utf8) {
        return new Text(textFrame(utf8), Objects.requireNonNull(topic, "topic"), null);
    }

    /**
     * Makes a binary message.
     *
     * @param payload copied from its position to its limit, which both stay
     * @return the message
     */
    public static Binary binary(ByteBuffer payload) {
        return new Binary(Frame.of(Frame.Opcode.BINARY, payload));
    }

    /**
     * Makes a binary message.
     *
     * @param payload copied
     * @return the message
     */
    public static Binary binary(byte[] payload) {
        return binary(ByteBuffer.wrap(payload));
    }

    private static Frame textFrame(ByteBuffer utf8) {
        Utf8Validator validator = new Utf8Validator();
        if (!validator.accept(utf8) || !validator.complete()) {
            throw new IllegalArgumentException("a text message must be UTF-8");
        }
        return Frame.of(Frame.Opcode.TEXT, utf8);
    }

    /**
     * Returns the message as it goes to the wire.
     *
     * @return the same frame at each call
     */
    public final Frame frame() {
        return frame;
    }

    /**
     * Returns what the message carries; for a text, its UTF-8.
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

    /** Names the message by kind and size, never by content. */
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
