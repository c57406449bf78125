package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * The result of a request to extend a subscription.
 *
 * @param expires whether the client must send a new token
 * @param ttl the time until then in seconds
 */
public record SubRefreshResult(boolean expires, long ttl) implements Result {
    @Override
    public void writeTo(FieldWriter out) {
        out.flag(1, "expires", expires);
        out.number(2, "ttl", ttl);
    }

    @Override
    public Method method() {
        return Method.SUB_REFRESH;
    }
}
