package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method of the application.
 *
 * @param data the argument, or {@code null}
 * @param methodName the name of the method
 */
public record RpcRequest(@Nullable ByteBuffer data, String methodName) implements Request {
    private static final FieldNames NAMES =
            FieldNames.builder().add(1, "data").add(2, "method").build();

    static RpcRequest read(FieldReader in) throws IOException {
        ByteBuffer data = null;
        String methodName = "";
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> data = in.raw();
                case 2 -> methodName = in.text();
                default -> in.skip();
            }
        }
        return new RpcRequest(data, methodName);
    }

    @Override
    public Method method() {
        return Method.RPC;
    }
}
