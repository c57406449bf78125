package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The result of a call.
 *
 * @param data the result, or {@code null}
 */
public record RpcResult(@Nullable ByteBuffer data) implements Result {
    @Override
    public void writeTo(FieldWriter out) {
        out.raw(1, "data", data);
    }

    @Override
    public Method method() {
        return Method.RPC;
    }
}
