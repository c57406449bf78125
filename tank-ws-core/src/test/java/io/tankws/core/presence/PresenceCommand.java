package io.tankws.core.presence;

/**
 * A change of the members of a topic.
 *
 * @param client the index of the client; the time in nanoseconds if time passes
 */
record PresenceCommand(Action action, int client) {
    enum Action {
        SUBSCRIBE,
        UNSUBSCRIBE,
        DISCONNECT,
        PASS_TIME,
        EXPIRE
    }
}
