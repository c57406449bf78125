package io.tankws;

/**
 * A function that determines the options of each topic by its name.
 *
 * <p>The manager calls it when a topic is first used and keeps the results of the last 10 000 topics at most. It must
 * return the same options for the same name at each call and on every node. For a {@code sub:} of a client it is called
 * on a callback thread, within {@link ManagerLimits#authorizationTimeout()}; a subscription for which it throws is
 * denied. Otherwise it is called on the thread of the application's call, which gets the exception. Several threads may
 * call it at once.
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
