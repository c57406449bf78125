package io.tankws.protocol.centrifuge.message;

/** The reasons for which the server ends a subscription. An SDK resubscribes from code 2500 on. */
public enum UnsubscribeReason {
    /** The application ended the subscription. The SDK does not subscribe again. */
    SERVER(2000, "server unsubscribe"),
    /** A publication did not follow the one before. The SDK recovers. */
    INSUFFICIENT_STATE(2500, "insufficient state"),
    /** The permission has expired. The SDK asks for another token and subscribes again. */
    EXPIRED(2501, "subscription expired"),
    /** The state of the topic was replaced. The SDK subscribes again. */
    STATE_INVALIDATED(2502, "state invalidated");

    private final UnsubscribePush push;

    UnsubscribeReason(int code, String text) {
        push = new UnsubscribePush(code, text);
    }

    /** Returns the push with code and text. */
    public UnsubscribePush push() {
        return push;
    }
}
