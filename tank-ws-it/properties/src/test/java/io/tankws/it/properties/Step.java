package io.tankws.it.properties;

/**
 * One thing that happens to a server with a few clients.
 *
 * @param client which one does it, or has it done
 */
record Step(Action action, int client) {
    enum Action {
        CONNECT,
        SUBSCRIBE,
        UNSUBSCRIBE,
        SEND,
        FLOOD,
        PING,
        BREAK_PROTOCOL,
        STOP_READING,
        PUBLISH,
        BROADCAST,
        CLIENT_CLOSE,
        SERVER_CLOSE,
        ABORT,
        SHUTDOWN
    }
}
