package io.tankws.protocol.centrifuge.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.tankws.protocol.centrifuge.message.Push;
import io.tankws.protocol.centrifuge.message.PushBody;
import io.tankws.protocol.centrifuge.message.Reply;
import io.tankws.protocol.centrifuge.message.ReplyError;
import io.tankws.protocol.centrifuge.message.Result;
import io.tankws.protocol.centrifuge.schema.RandomMessages;
import io.tankws.protocol.centrifuge.schema.Records;
import io.tankws.protocol.centrifuge.schema.ReferenceJson;
import io.tankws.protocol.centrifuge.schema.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Replies are written as protobuf-java and Jackson expect them. */
class ReplyPropertyTest {
    private static final Descriptor REPLY = Schema.message("Reply");
    private static final Descriptor PUSH = Schema.message("Push");

    private static final List<String> FIELDS = List.of(
            "error",
            "push",
            "connect",
            "subscribe",
            "unsubscribe",
            "publish",
            "presence",
            "presence_stats",
            "history",
            "rpc",
            "refresh",
            "sub_refresh");

    private static final List<String> BODIES =
            List.of("pub", "join", "leave", "unsubscribe", "message", "subscribe", "refresh");

    @Property(tries = 300)
    void bothEncodingsAreWhatOtherLibrariesWrite(@ForAll long seed) throws IOException {
        RandomMessages random = new RandomMessages(seed);
        List<Reply> replies = new ArrayList<>();
        List<DynamicMessage> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FieldDescriptor field = REPLY.findFieldByName(random.one(FIELDS));
            DynamicMessage.Builder reply = DynamicMessage.newBuilder(REPLY);
            if (field.getName().equals("push")) {
                FieldDescriptor body = PUSH.findFieldByName(random.one(BODIES));
                DynamicMessage content = random.message(body.getMessageType());
                reply.setField(
                        field,
                        DynamicMessage.newBuilder(PUSH)
                                .setField(PUSH.findFieldByName("channel"), "news")
                                .setField(body, Records.pruned(content))
                                .build());
                replies.add(Reply.of(new Push("news", (PushBody) Records.of(content))));
            } else {
                DynamicMessage content = random.message(field.getMessageType());
                reply.setField(REPLY.findFieldByName("id"), i);
                reply.setField(field, Records.pruned(content));
                Record read = Records.of(content);
                replies.add(read instanceof ReplyError error ? Reply.of(i, error) : Reply.of(i, (Result) read));
            }
            expected.add(reply.build());
        }
        assertEquals(expected, protobuf(Encoding.PROTOBUF.encode(replies)));
        assertEquals(
                String.join("\n", expected.stream().map(ReferenceJson::of).toList()),
                StandardCharsets.UTF_8.decode(Encoding.JSON.encode(replies)).toString());
    }

    private static List<DynamicMessage> protobuf(ByteBuffer message) throws IOException {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        InputStream in = new ByteArrayInputStream(bytes);
        List<DynamicMessage> replies = new ArrayList<>();
        while (in.available() > 0) {
            DynamicMessage.Builder reply = DynamicMessage.newBuilder(REPLY);
            reply.mergeDelimitedFrom(in);
            replies.add(reply.build());
        }
        return replies;
    }
}
