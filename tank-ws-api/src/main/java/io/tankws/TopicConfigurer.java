package io.tankws;

/**
 * A function that determines the options of each topic by its name.
 *
 * <p>The manager calls it once for a topic, when the topic is first used, and keeps the result as long as the topic
 * exists. It must return the same options for the same name at each call and on every node. It is called on the thread
 * that uses the topic, which may belong to a transport, so it must not block. Several threads may call it at once.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface TopicConfigurer {
    /**
     * Returns the options of a topic.
     *
     * @param topic the name of the topic, which a client may have chosen
     * @return the options; {@link TopicOptions#NONE} for a topic that remembers nothing
     */
    TopicOptions optionsOf(String topic);
}
