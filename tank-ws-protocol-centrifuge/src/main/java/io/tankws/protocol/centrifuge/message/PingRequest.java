package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;

/**
 * A request that no SDK sends, and that the server refuses.
 */
public record PingRequest() implements Request {
    private static final FieldNames NAMES = FieldNames.builder().build();

    static PingRequest read(FieldReader in) throws IOException {
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            in.skip();
        }
        return new PingRequest();
    }

    @Override
    public Method method() {
        return Method.PING;
    }
}
