package io.tankws.core.cluster;

/** A command about the subscriptions of all connections of a user to one topic. */
public record UserCommand(Action action, String userId, String topic) {
    /** The actions. Node messages contain their order, so new ones are added at the end. */
    public enum Action {
        SUBSCRIBE,
        UNSUBSCRIBE,
        REVOKE
    }
}
