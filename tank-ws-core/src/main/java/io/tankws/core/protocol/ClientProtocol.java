package io.tankws.core.protocol;

import io.tankws.Message;
import java.nio.ByteBuffer;

/** What texts between client and server mean. */
public interface ClientProtocol {
    /** What a client's text asks for. */
    enum Kind {
        SUBSCRIBE,
        UNSUBSCRIBE,
        /** A sign of life of an application that cannot ping. */
        HEARTBEAT,
        /** Everything else: for the handler. */
        MESSAGE
    }

    /**
     * A client's text, understood.
     *
     * @param topic {@code null} unless the kind has one
     */
    record Command(Kind kind, String topic) {}

    /** Understands a text; never fails: what is no command is a message. */
    Command parse(ByteBuffer utf8);

    /** Wraps what is published to a topic as its subscribers get it. */
    Message.Text envelope(String topic, String data);
}
