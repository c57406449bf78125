package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * The result of a refresh request.
 *
 * @param client the client id, which some SDKs take as their new one
 * @param version the version of the server
 * @param expires whether the client must send a new token
 * @param ttl the time until then in seconds
 */
public record RefreshResult(String client, String version, boolean expires, long ttl) implements Result {
    @Override
    public void writeTo(FieldWriter out) {
        out.text(1, "client", client);
        out.text(2, "version", version);
        out.flag(3, "expires", expires);
        out.number(4, "ttl", ttl);
    }

    @Override
    public Method method() {
        return Method.REFRESH;
    }
}
