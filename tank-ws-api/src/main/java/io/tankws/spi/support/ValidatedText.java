package io.tankws.spi.support;

import io.tankws.Message;
import io.tankws.wire.Utf8Proof;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The creation of text messages from bytes that are known to be UTF-8 (RFC 3629), so that no text is validated twice.
 *
 * <p>The bytes are not checked. The caller has validated them with a {@link MessageAssembler}, has got them from
 * {@link io.tankws.spi.ConnectionListener#onText}, or has encoded them. For all other bytes there is
 * {@link Message#text(ByteBuffer)}: a client ends the connection with 1007 when it receives an invalid text.
 *
 * <p>For the core and for transports; not to be used by applications.
 */
public final class ValidatedText {
    private ValidatedText() {}

    /**
     * Creates a text message without a topic.
     *
     * @param utf8 valid UTF-8; copied from its position to its limit, which do not change
     * @return the message
     */
    public static Message.Text of(ByteBuffer utf8) {
        return Message.text(null, utf8, Utf8Proof.VALIDATED);
    }

    /**
     * Creates a text message that belongs to a topic.
     *
     * @param topic the topic that the message is published to
     * @param utf8 valid UTF-8; copied from its position to its limit, which do not change
     * @return the message
     */
    public static Message.Text of(String topic, ByteBuffer utf8) {
        return Message.text(Objects.requireNonNull(topic, "topic"), utf8, Utf8Proof.VALIDATED);
    }
}
