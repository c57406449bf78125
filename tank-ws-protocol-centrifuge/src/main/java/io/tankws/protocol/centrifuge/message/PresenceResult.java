package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.util.Map;

/**
 * The result of a presence request.
 *
 * @param presence the subscribers by client id
 */
public record PresenceResult(Map<String, ClientInfo> presence) implements Result {
    @Override
    public void writeTo(FieldWriter out) {
        out.always().messageEntries(1, "presence", presence);
    }

    @Override
    public Method method() {
        return Method.PRESENCE;
    }
}
