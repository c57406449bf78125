package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * A push that reports a former subscriber of a topic.
 *
 * @param info the former subscriber
 */
public record LeavePush(ClientInfo info) implements PushBody {
    @Override
    public void writeTo(FieldWriter out) {
        out.message(1, "info", info);
    }

    @Override
    public int tag() {
        return 6;
    }

    @Override
    public String fieldName() {
        return "leave";
    }
}
