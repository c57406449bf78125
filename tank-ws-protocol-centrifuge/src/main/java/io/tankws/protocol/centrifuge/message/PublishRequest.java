package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request to publish to a topic.
 *
 * @param channel the topic
 * @param data the content, or {@code null}
 * @param type the kind of publication; only 0 is offered
 */
public record PublishRequest(String channel, @Nullable ByteBuffer data, int type) implements Request {
    private static final FieldNames NAMES =
            FieldNames.builder().add(1, "channel").add(2, "data").add(3, "type").build();

    static PublishRequest read(FieldReader in) throws IOException {
        String channel = "";
        ByteBuffer data = null;
        int type = 0;
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> channel = in.text();
                case 2 -> data = in.raw();
                case 3 -> type = in.signedInt();
                default -> in.skip();
            }
        }
        return new PublishRequest(channel, data, type);
    }

    @Override
    public Method method() {
        return Method.PUBLISH;
    }
}
