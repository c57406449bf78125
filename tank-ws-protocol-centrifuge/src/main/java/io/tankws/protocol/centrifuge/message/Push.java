package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import io.tankws.protocol.centrifuge.codec.WireMessage;

/**
 * A message of the server that answers no command.
 *
 * @param channel the topic; empty if the push belongs to no topic
 * @param body the content
 */
public record Push(String channel, PushBody body) implements WireMessage {
    private static final int CHANNEL = 2;

    @Override
    public void writeTo(FieldWriter out) {
        out.text(CHANNEL, "channel", channel);
        out.message(body.tag(), body.fieldName(), body);
    }
}
