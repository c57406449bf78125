package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to connect, the first one of a connection.
 *
 * @param token the token of the user; empty if there is none
 * @param data data of the application, or {@code null}
 * @param subs the positions in topics to which the server had subscribed the client, by topic
 * @param name the name of the SDK
 * @param version the version of the SDK
 * @param headers headers that stand for those of an HTTP request; no more trustworthy than any input
 */
public record ConnectRequest(
        String token,
        @Nullable ByteBuffer data,
        Map<String, SubscribeRequest> subs,
        String name,
        String version,
        Map<String, String> headers)
        implements Request {
    private static final FieldNames NAMES = FieldNames.builder()
            .add(1, "token")
            .add(2, "data")
            .add(3, "subs")
            .add(4, "name")
            .add(5, "version")
            .add(6, "headers")
            .build();

    static ConnectRequest read(FieldReader in) throws IOException {
        String token = "";
        ByteBuffer data = null;
        Map<String, SubscribeRequest> subs = new LinkedHashMap<>();
        String name = "";
        String version = "";
        Map<String, String> headers = new LinkedHashMap<>();
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> token = in.text();
                case 2 -> data = in.raw();
                case 3 -> in.messageEntries(subs, SubscribeRequest::read);
                case 4 -> name = in.text();
                case 5 -> version = in.text();
                case 6 -> in.textEntries(headers);
                default -> in.skip();
            }
        }
        return new ConnectRequest(token, data, subs, name, version, headers);
    }

    @Override
    public Method method() {
        return Method.CONNECT;
    }
}
