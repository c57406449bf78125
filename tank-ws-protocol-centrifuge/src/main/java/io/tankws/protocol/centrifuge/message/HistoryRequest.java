package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request for publications in the history of a topic.
 *
 * @param channel the topic
 * @param limit the maximum number of publications; 0 for the position alone, negative for as many as the server allows
 * @param since the position at which to start, exclusive, or {@code null}
 * @param reverse whether the newest publication comes first
 */
public record HistoryRequest(
        String channel, int limit, @Nullable Since since, boolean reverse) implements Request {
    private static final FieldNames NAMES = FieldNames.builder()
            .add(1, "channel")
            .add(7, "limit")
            .add(8, "since")
            .add(9, "reverse")
            .build();

    static HistoryRequest read(FieldReader in) throws IOException {
        String channel = "";
        int limit = 0;
        Since since = null;
        boolean reverse = false;
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> channel = in.text();
                case 7 -> limit = in.signedInt();
                case 8 -> since = in.message(Since::read);
                case 9 -> reverse = in.flag();
                default -> in.skip();
            }
        }
        return new HistoryRequest(channel, limit, since, reverse);
    }

    @Override
    public Method method() {
        return Method.HISTORY;
    }
}
