package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A push of a message to one client, outside of topics.
 *
 * @param data the content, or {@code null}
 */
public record MessagePush(@Nullable ByteBuffer data) implements PushBody {
    @Override
    public void writeTo(FieldWriter out) {
        out.raw(1, "data", data);
    }

    @Override
    public int tag() {
        return 8;
    }

    @Override
    public String fieldName() {
        return "message";
    }
}
