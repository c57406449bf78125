package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import io.tankws.protocol.centrifuge.codec.WireMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client as other clients see it.
 *
 * @param user the user id; empty if the user is anonymous
 * @param client the client id
 * @param connInfo data about the connection, or {@code null}
 * @param chanInfo data about the subscription, or {@code null}
 */
public record ClientInfo(
        String user,
        String client,
        @Nullable ByteBuffer connInfo,
        @Nullable ByteBuffer chanInfo) implements WireMessage {
    @Override
    public void writeTo(FieldWriter out) {
        out.always().text(1, "user", user);
        out.always().text(2, "client", client);
        out.raw(3, "conn_info", connInfo);
        out.raw(4, "chan_info", chanInfo);
    }
}
