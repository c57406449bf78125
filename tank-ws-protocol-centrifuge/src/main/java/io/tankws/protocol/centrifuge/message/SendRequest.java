package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to the application, without a reply.
 *
 * @param data the content, or {@code null}
 */
public record SendRequest(@Nullable ByteBuffer data) implements Request {
    private static final FieldNames NAMES = FieldNames.builder().add(1, "data").build();

    static SendRequest read(FieldReader in) throws IOException {
        ByteBuffer data = null;
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> data = in.raw();
                default -> in.skip();
            }
        }
        return new SendRequest(data);
    }

    @Override
    public Method method() {
        return Method.SEND;
    }
}
