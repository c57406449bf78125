package io.tankws.core.protocol;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.TopicDenial;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The meaning of texts between client and server. */
public interface ClientProtocol {
    /** The kind of a text from a client. */
    enum Kind {
        SUBSCRIBE,
        UNSUBSCRIBE,
        /** A heartbeat of an application that cannot send pings. */
        HEARTBEAT,
        /** Any other text. It goes to the handler. */
        MESSAGE
    }

    /**
     * A parsed text of a client.
     *
     * @param topic topic; empty if the kind has none
     */
    record Command(Kind kind, String topic) {}

    /** Parses a text. Never fails: a text that is no command is a message. */
    Command parse(ByteBuffer utf8);

    /** Encodes the answer to an action on a topic that was denied. */
    Message.Text denial(TopicDenial denial);

    /** Encodes a text for the subscribers of its topic. */
    Message.Text envelope(String topic, String data);

    /** Encodes a publication for the subscribers of its topic, or returns {@code null} if this protocol has no form. */
    Message.@Nullable Text envelope(String topic, Payload payload);
}
