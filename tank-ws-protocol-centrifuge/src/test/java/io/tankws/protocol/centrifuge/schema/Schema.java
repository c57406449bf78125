package io.tankws.protocol.centrifuge.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Locale;
import java.util.Map;

/** The messages of the protocol with all their fields, for protobuf-java. */
public final class Schema {
    /** One message a line: its name, and for each field its tag, name and type. */
    private static final String MESSAGES = """
            Command 1 id u32, 4 connect ConnectRequest, 5 subscribe SubscribeRequest, 6 unsubscribe UnsubscribeRequest, \
            7 publish PublishRequest, 8 presence PresenceRequest, 9 presence_stats PresenceStatsRequest, \
            10 history HistoryRequest, 11 ping PingRequest, 12 send SendRequest, 13 rpc RPCRequest, \
            14 refresh RefreshRequest, 15 sub_refresh SubRefreshRequest
            Reply 1 id u32, 2 error Error, 4 push Push, 5 connect ConnectResult, 6 subscribe SubscribeResult, \
            7 unsubscribe UnsubscribeResult, 8 publish PublishResult, 9 presence PresenceResult, \
            10 presence_stats PresenceStatsResult, 11 history HistoryResult, 12 ping PingResult, 13 rpc RPCResult, \
            14 refresh RefreshResult, 15 sub_refresh SubRefreshResult
            Error 1 code u32, 2 message s, 3 temporary b
            Push 1 id i64, 2 channel s, 4 pub Publication, 5 join Join, 6 leave Leave, 7 unsubscribe Unsubscribe, \
            8 message Message, 9 subscribe Subscribe, 10 connect Connect, 11 disconnect Disconnect, 12 refresh Refresh
            ConnectRequest 1 token s, 2 data y, 3 subs {SubscribeRequest}, 4 name s, 5 version s, 6 headers {s}, \
            7 flag i64, 8 dict s, 9 profile s
            ConnectResult 1 client s, 2 version s, 3 expires b, 4 ttl u32, 5 data y, 6 subs {SubscribeResult}, \
            7 ping u32, 8 pong b, 9 session s, 10 node s, 11 time i64, 12 flag i64, 13 dict Dictionary
            Dictionary 1 id s, 2 data y, 3 data_b64 s
            SubscribeRequest 1 channel s, 2 token s, 3 recover b, 6 epoch s, 7 offset u64, 8 data y, 9 positioned b, \
            10 recoverable b, 11 join_leave b, 12 delta s, 13 tf FilterNode, 14 flag i64, 15 type i32, 16 phase i32, \
            17 cursor s, 18 limit i32, 19 asc b
            SubscribeResult 1 expires b, 2 ttl u32, 3 recoverable b, 6 epoch s, 7 publications []Publication, \
            8 recovered b, 9 offset u64, 10 positioned b, 11 data y, 12 was_recovering b, 13 delta b, 14 id i64, \
            15 type i32, 16 phase i32, 17 cursor s, 18 state []Publication, 19 publish_debounce u32
            Publication 4 data y, 5 info ClientInfo, 6 offset u64, 7 tags {s}, 8 delta b, 9 time i64, 10 channel s, \
            11 key s, 12 removed b, 13 score z64, 14 epoch s, 15 prev_data y, 16 version u64
            ClientInfo 1 user s, 2 client s, 3 conn_info y, 4 chan_info y
            Join 1 info ClientInfo
            Leave 1 info ClientInfo
            Unsubscribe 2 code u32, 3 reason s
            Subscribe 1 recoverable b, 4 epoch s, 5 offset u64, 6 positioned b, 7 data y
            Message 1 data y
            Connect 1 client s, 2 version s, 3 data y, 4 subs {SubscribeResult}, 5 expires b, 6 ttl u32, 7 ping u32, \
            8 pong b, 9 session s, 10 node s, 11 time i64
            Disconnect 1 code u32, 2 reason s, 3 reconnect b
            Refresh 1 expires b, 2 ttl u32
            UnsubscribeRequest 1 channel s
            UnsubscribeResult
            PublishRequest 1 channel s, 2 data y, 3 type i32, 4 key s, 5 removed b
            PublishResult
            PresenceRequest 1 channel s
            PresenceResult 1 presence {ClientInfo}
            PresenceStatsRequest 1 channel s
            PresenceStatsResult 1 num_clients u32, 2 num_users u32
            HistoryRequest 1 channel s, 7 limit i32, 8 since StreamPosition, 9 reverse b
            HistoryResult 1 publications []Publication, 2 epoch s, 3 offset u64
            StreamPosition 1 offset u64, 2 epoch s
            RPCRequest 1 data y, 2 method s
            RPCResult 1 data y
            SendRequest 1 data y
            PingRequest
            PingResult
            RefreshRequest 1 token s
            RefreshResult 1 client s, 2 version s, 3 expires b, 4 ttl u32
            SubRefreshRequest 1 channel s, 2 token s, 3 type i32, 4 track []TrackBatch, 5 untrack []s
            SubRefreshResult 1 expires b, 2 ttl u32, 3 items []Publication
            TrackBatch 1 signature s, 2 items []KeyedItem
            KeyedItem 1 key s, 2 version u64
            FilterNode 1 op s, 2 key s, 3 cmp s, 4 val s, 5 vals []s, 6 nodes []FilterNode
            EmulationRequest 1 node s, 2 session s, 3 data y
            """;

    private static final Map<String, Type> SCALARS = Map.of(
            "u32", Type.TYPE_UINT32,
            "u64", Type.TYPE_UINT64,
            "i32", Type.TYPE_INT32,
            "i64", Type.TYPE_INT64,
            "z64", Type.TYPE_SINT64,
            "b", Type.TYPE_BOOL,
            "s", Type.TYPE_STRING,
            "y", Type.TYPE_BYTES);

    private static final FileDescriptor FILE = file();

    private Schema() {}

    /** Returns the type of a message. */
    public static Descriptor message(String name) {
        return FILE.findMessageTypeByName(name);
    }

    private static FileDescriptor file() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("client.proto").setSyntax("proto3");
        MESSAGES.lines()
                .forEach(line ->
                        file.addMessageType(message(line.strip(), line.strip().indexOf(' '))));
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DescriptorProto message(String line, int space) {
        if (space < 0) {
            return DescriptorProto.newBuilder().setName(line).build();
        }
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(line.substring(0, space));
        for (String field : line.substring(space + 1).split(", ")) {
            String[] words = field.strip().split(" ");
            message.addField(field(message, Integer.parseInt(words[0]), words[1], words[2]));
        }
        return message.build();
    }

    private static FieldDescriptorProto field(DescriptorProto.Builder message, int tag, String name, String type) {
        FieldDescriptorProto.Builder field =
                FieldDescriptorProto.newBuilder().setNumber(tag).setName(name).setLabel(Label.LABEL_OPTIONAL);
        if (type.startsWith("[]")) {
            return typed(field.setLabel(Label.LABEL_REPEATED), type.substring(2));
        }
        if (!type.startsWith("{")) {
            return typed(field, type);
        }
        StringBuilder entry = new StringBuilder();
        for (String word : (name + "_entry").split("_")) {
            entry.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        message.addNestedType(DescriptorProto.newBuilder()
                .setName(entry.toString())
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(typed(field("key", 1), "s"))
                .addField(typed(field("value", 2), type.substring(1, type.length() - 1))));
        return field.setLabel(Label.LABEL_REPEATED)
                .setType(Type.TYPE_MESSAGE)
                .setTypeName("." + message.getName() + "." + entry)
                .build();
    }

    private static FieldDescriptorProto.Builder field(String name, int tag) {
        return FieldDescriptorProto.newBuilder().setName(name).setNumber(tag).setLabel(Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto typed(FieldDescriptorProto.Builder field, String type) {
        Type scalar = SCALARS.get(type);
        return scalar != null
                ? field.setType(scalar).build()
                : field.setType(Type.TYPE_MESSAGE).setTypeName("." + type).build();
    }
}
