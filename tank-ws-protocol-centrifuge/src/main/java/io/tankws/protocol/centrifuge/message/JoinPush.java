package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * A push that reports a new subscriber of a topic.
 *
 * @param info the subscriber
 */
public record JoinPush(ClientInfo info) implements PushBody {
    @Override
    public void writeTo(FieldWriter out) {
        out.message(1, "info", info);
    }

    @Override
    public int tag() {
        return 5;
    }

    @Override
    public String fieldName() {
        return "join";
    }
}
