package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.MessageReader;
import org.jspecify.annotations.Nullable;

/** The methods that clients call. If a command calls several, only the first one in this order counts. */
public enum Method {
    CONNECT("connect", 4, 5, ConnectRequest::read),
    SUBSCRIBE("subscribe", 5, 6, SubscribeRequest::read),
    UNSUBSCRIBE("unsubscribe", 6, 7, UnsubscribeRequest::read),
    PUBLISH("publish", 7, 8, PublishRequest::read),
    PRESENCE("presence", 8, 9, PresenceRequest::read),
    PRESENCE_STATS("presence_stats", 9, 10, PresenceStatsRequest::read),
    HISTORY("history", 10, 11, HistoryRequest::read),
    RPC("rpc", 13, 13, RpcRequest::read),
    /** A message, which has no reply. */
    SEND("send", 12, 0, SendRequest::read),
    REFRESH("refresh", 14, 14, RefreshRequest::read),
    SUB_REFRESH("sub_refresh", 15, 15, SubRefreshRequest::read),
    /** An unused method, which is refused. */
    PING("ping", 11, 12, PingRequest::read);

    private static final Method[] BY_REQUEST_TAG = byRequestTag();

    private final String fieldName;
    private final int requestTag;
    private final int resultTag;
    private final MessageReader<Request> reader;

    Method(String fieldName, int requestTag, int resultTag, MessageReader<Request> reader) {
        this.fieldName = fieldName;
        this.requestTag = requestTag;
        this.resultTag = resultTag;
        this.reader = reader;
    }

    private static Method[] byRequestTag() {
        Method[] methods = new Method[16];
        for (Method method : values()) {
            methods[method.requestTag] = method;
        }
        return methods;
    }

    /** Returns the method whose request has a tag, or {@code null} if there is none. */
    static @Nullable Method ofRequest(int tag) {
        return tag < 0 || tag >= BY_REQUEST_TAG.length ? null : BY_REQUEST_TAG[tag];
    }

    /** Returns the name of the field of a request and of a result. */
    String fieldName() {
        return fieldName;
    }

    /** Returns the tag of the request in a command. */
    int requestTag() {
        return requestTag;
    }

    /** Returns the tag of the result in a reply. */
    int resultTag() {
        return resultTag;
    }

    /** Returns the reader of the request. */
    MessageReader<Request> reader() {
        return reader;
    }
}
