package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * A push that reports a new expiry of the connection.
 *
 * @param expires whether the client must send a new token
 * @param ttl the time until then in seconds
 */
public record RefreshPush(boolean expires, long ttl) implements PushBody {
    @Override
    public void writeTo(FieldWriter out) {
        out.flag(1, "expires", expires);
        out.number(2, "ttl", ttl);
    }

    @Override
    public int tag() {
        return 12;
    }

    @Override
    public String fieldName() {
        return "refresh";
    }
}
