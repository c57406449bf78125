package io.tankws.benchmarks.cluster;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A way to publish from a {@link NodeServer}. */
interface PublishPath extends AutoCloseable {
    /** A node of a cluster. */
    String CLUSTER = "cluster";
    /** A manager without a cluster. */
    String ALONE = "alone";
    /** Plain Redis with an unmodified client library. */
    String BASELINE = "bare";

    static PublishPath start(String kind, String transport, String redis, String cluster) {
        return switch (kind) {
            case CLUSTER -> TankWsNode.start(transport, redis, cluster);
            case ALONE -> TankWsNode.start(transport);
            case BASELINE -> BaselineNode.start(transport, redis, cluster);
            default -> throw new IllegalArgumentException("There is no path " + kind + ".");
        };
    }

    /** Returns the port for clients. */
    int port();

    /** Returns the number of subscribed clients of this process. */
    int subscribers(String topic);

    /** Subscribes this process, without clients, to a topic. Replaces the previous subscription. */
    default void listen(String topic, int receivers, boolean sharedThread, NodePublishing publishing) {
        throw new UnsupportedOperationException("Only clients of this path subscribe.");
    }

    /** Starts to measure the latency of messages that this process receives. */
    default void record() {}

    CompletionStage<?> publish(String topic, byte[] message);

    /** Returns counts of failures and received messages, by result name. */
    Map<String, Number> figures();

    @Override
    void close();
}
