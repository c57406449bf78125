package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;

/**
 * A request to extend the connection by a new token.
 *
 * @param token the token
 */
public record RefreshRequest(String token) implements Request {
    private static final FieldNames NAMES = FieldNames.builder().add(1, "token").build();

    static RefreshRequest read(FieldReader in) throws IOException {
        String token = "";
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> token = in.text();
                default -> in.skip();
            }
        }
        return new RefreshRequest(token);
    }

    @Override
    public Method method() {
        return Method.REFRESH;
    }
}
