package io.tankws.protocol.centrifuge.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.tankws.protocol.centrifuge.message.ClientInfo;
import io.tankws.protocol.centrifuge.message.ConnectRequest;
import io.tankws.protocol.centrifuge.message.ConnectResult;
import io.tankws.protocol.centrifuge.message.EmptyResult;
import io.tankws.protocol.centrifuge.message.FilterNode;
import io.tankws.protocol.centrifuge.message.HistoryRequest;
import io.tankws.protocol.centrifuge.message.HistoryResult;
import io.tankws.protocol.centrifuge.message.JoinPush;
import io.tankws.protocol.centrifuge.message.LeavePush;
import io.tankws.protocol.centrifuge.message.MessagePush;
import io.tankws.protocol.centrifuge.message.PingRequest;
import io.tankws.protocol.centrifuge.message.PresenceRequest;
import io.tankws.protocol.centrifuge.message.PresenceResult;
import io.tankws.protocol.centrifuge.message.PresenceStatsRequest;
import io.tankws.protocol.centrifuge.message.PresenceStatsResult;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import io.tankws.protocol.centrifuge.message.RefreshPush;
import io.tankws.protocol.centrifuge.message.RefreshRequest;
import io.tankws.protocol.centrifuge.message.RefreshResult;
import io.tankws.protocol.centrifuge.message.ReplyError;
import io.tankws.protocol.centrifuge.message.RpcRequest;
import io.tankws.protocol.centrifuge.message.RpcResult;
import io.tankws.protocol.centrifuge.message.SendRequest;
import io.tankws.protocol.centrifuge.message.Since;
import io.tankws.protocol.centrifuge.message.SubRefreshRequest;
import io.tankws.protocol.centrifuge.message.SubRefreshResult;
import io.tankws.protocol.centrifuge.message.SubscribePush;
import io.tankws.protocol.centrifuge.message.SubscribeRequest;
import io.tankws.protocol.centrifuge.message.SubscribeResult;
import io.tankws.protocol.centrifuge.message.UnsubscribePush;
import io.tankws.protocol.centrifuge.message.UnsubscribeRequest;
import io.tankws.protocol.centrifuge.message.WirePublication;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Conversions between messages of the schema and the records of the module, by the names of fields. */
public final class Records {
    private static final Map<String, Class<? extends Record>> OTHER_NAMES = Map.of(
            "Error", ReplyError.class,
            "Join", JoinPush.class,
            "Leave", LeavePush.class,
            "Message", MessagePush.class,
            "Publication", WirePublication.class,
            "Refresh", RefreshPush.class,
            "StreamPosition", Since.class,
            "Subscribe", SubscribePush.class,
            "Unsubscribe", UnsubscribePush.class);

    private static final Map<String, Class<? extends Record>> TYPES = Arrays.stream(new Class<?>[] {
                ClientInfo.class,
                ConnectRequest.class,
                ConnectResult.class,
                FilterNode.class,
                HistoryRequest.class,
                HistoryResult.class,
                PingRequest.class,
                PresenceRequest.class,
                PresenceResult.class,
                PresenceStatsRequest.class,
                PresenceStatsResult.class,
                PublishRequest.class,
                RefreshRequest.class,
                RefreshResult.class,
                RpcRequest.class,
                RpcResult.class,
                SendRequest.class,
                SubRefreshRequest.class,
                SubRefreshResult.class,
                SubscribeRequest.class,
                SubscribeResult.class,
                UnsubscribeRequest.class
            })
            .collect(Collectors.toMap(
                    type -> type.getSimpleName().replace("Rpc", "RPC"), type -> type.asSubclass(Record.class)));

    private Records() {}

    /** Returns the record with the fields of a message that the record has. */
    public static Record of(Message message) {
        String name = message.getDescriptorForType().getName();
        if (name.equals("UnsubscribeResult")) {
            return EmptyResult.UNSUBSCRIBE;
        }
        if (name.equals("PublishResult")) {
            return EmptyResult.PUBLISH;
        }
        Class<? extends Record> type = type(name);
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            FieldDescriptor field = message.getDescriptorForType().findFieldByName(fieldName(components[i]));
            values[i] = field.isMapField()
                    ? map((List<?>) message.getField(field))
                    : field.isRepeated() ? list(field, (List<?>) message.getField(field)) : single(message, field);
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<? extends Record> type(String name) {
        Class<? extends Record> type = OTHER_NAMES.getOrDefault(name, TYPES.get(name));
        if (type == null) {
            throw new IllegalArgumentException("no record for " + name);
        }
        return type;
    }

    private static String fieldName(RecordComponent component) {
        String name = component.getName().equals("methodName") ? "method" : component.getName();
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Object single(Message message, FieldDescriptor field) {
        boolean isAbsent = field.hasPresence() && !message.hasField(field);
        return isAbsent ? null : value(field, message.getField(field));
    }

    private static Object value(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case UINT32 -> Integer.toUnsignedLong((Integer) value);
            case BYTES -> ((ByteString) value).isEmpty() ? null : ByteBuffer.wrap(((ByteString) value).toByteArray());
            case MESSAGE -> of((Message) value);
            default -> value;
        };
    }

    private static List<Object> list(FieldDescriptor field, List<?> values) {
        List<Object> list = new ArrayList<>();
        values.forEach(value -> list.add(value(field, value)));
        return list;
    }

    private static Map<Object, Object> map(List<?> entries) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object each : entries) {
            DynamicMessage entry = (DynamicMessage) each;
            FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
            map.put(
                    entry.getField(entry.getDescriptorForType().findFieldByNumber(1)),
                    value(value, entry.getField(value)));
        }
        return map;
    }

    /** Returns a message without the fields for which the module has no record component. */
    public static DynamicMessage pruned(Message message) {
        DynamicMessage.Builder pruned = DynamicMessage.newBuilder(message.getDescriptorForType());
        message.getAllFields().forEach((field, value) -> {
            if (isKept(message, field)) {
                pruned.setField(field, pruned(field, value));
            }
        });
        return pruned.build();
    }

    private static boolean isKept(Message message, FieldDescriptor field) {
        if (message.getDescriptorForType().getOptions().getMapEntry()) {
            return true;
        }
        return Arrays.stream(type(message.getDescriptorForType().getName()).getRecordComponents())
                .anyMatch(component -> fieldName(component).equals(field.getName()));
    }

    private static Object pruned(FieldDescriptor field, Object value) {
        if (field.getType() != FieldDescriptor.Type.MESSAGE) {
            return value;
        }
        return field.isRepeated()
                ? ((List<?>) value).stream().map(each -> pruned((Message) each)).toList()
                : pruned((Message) value);
    }
}
