package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;

/**
 * A request to extend a subscription by a new token.
 *
 * @param channel the topic
 * @param token the token
 * @param type the kind of subscription; only 0 is offered
 */
public record SubRefreshRequest(String channel, String token, int type) implements Request {
    private static final FieldNames NAMES = FieldNames.builder()
            .add(1, "channel")
            .add(2, "token")
            .add(3, "type")
            .build();

    static SubRefreshRequest read(FieldReader in) throws IOException {
        String channel = "";
        String token = "";
        int type = 0;
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> type = in.signedInt();
                default -> in.skip();
            }
        }
        return new SubRefreshRequest(channel, token, type);
    }

    @Override
    public Method method() {
        return Method.SUB_REFRESH;
    }
}
