package io.tankws.it.properties;

/**
 * One action of a client, or on a client, of a server.
 *
 * @param client the index of the client
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
