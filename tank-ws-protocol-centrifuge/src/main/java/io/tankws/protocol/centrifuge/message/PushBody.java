package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.WireMessage;

/** The content of a push. */
public sealed interface PushBody extends WireMessage
        permits JoinPush, LeavePush, MessagePush, RefreshPush, SubscribePush, UnsubscribePush, WirePublication {
    /** Returns the tag of the content in a push. */
    int tag();

    /** Returns the name of its field in a push. */
    String fieldName();
}
