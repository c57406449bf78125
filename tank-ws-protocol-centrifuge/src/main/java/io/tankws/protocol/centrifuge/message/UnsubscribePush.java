package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * A push that ends a subscription.
 *
 * @param code one of {@link UnsubscribeReason}, or another one from 2000 to 2999
 * @param reason a text for developers
 */
public record UnsubscribePush(long code, String reason) implements PushBody {
    @Override
    public void writeTo(FieldWriter out) {
        out.number(2, "code", code);
        out.text(3, "reason", reason);
    }

    @Override
    public int tag() {
        return 7;
    }

    @Override
    public String fieldName() {
        return "unsubscribe";
    }
}
