package io.tankws;

/** The actions of a client on a topic that a {@link TopicAuthorizer} decides on. Constants may be added. */
public enum TopicAction {
    /** The client subscribes to the topic. The plain protocol has no other action. */
    SUBSCRIBE,
    /** The client publishes to the topic. */
    PUBLISH,
    /** The client reads the history of the topic. */
    HISTORY,
    /** The client lists the clients that are present in the topic. */
    PRESENCE
}
