package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;

/**
 * A request to unsubscribe from a topic.
 *
 * @param channel the topic
 */
public record UnsubscribeRequest(String channel) implements Request {
    private static final FieldNames NAMES =
            FieldNames.builder().add(1, "channel").build();

    static UnsubscribeRequest read(FieldReader in) throws IOException {
        String channel = "";
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> channel = in.text();
                default -> in.skip();
            }
        }
        return new UnsubscribeRequest(channel);
    }

    @Override
    public Method method() {
        return Method.UNSUBSCRIBE;
    }
}
