package io.tankws.benchmarks.cluster;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A way to publish from a {@link NodeServer}. */
interface PublishPath extends AutoCloseable {
    /** A node of a cluster. */
    String CLUSTER = "cluster";
    /** A manager that is no node of any. */
    String ALONE = "alone";
    /** No manager: Redis and its client, as anybody would use them. */
    String BARE = "bare";

    static PublishPath start(String kind, String transport, String redis, String cluster) {
        return switch (kind) {
            case CLUSTER -> TankWsNode.start(transport, redis, cluster);
            case ALONE -> TankWsNode.start(transport);
            case BARE -> BaselineNode.start(transport, redis, cluster);
            default -> throw new IllegalArgumentException("There is no way " + kind + ".");
        };
    }

    /** Where clients connect. */
    int port();

    /** How many clients of this process are subscribed. */
    int subscribers(String topic);

    /** Hears a topic in this process, where no clients do; the last call counts. */
    default void listen(String topic, int receivers, boolean sharedThread, NodePublishing publishing) {
        throw new UnsupportedOperationException("Clients listen.");
    }

    /** From now on, what is heard in this process is timed. */
    default void record() {}

    CompletionStage<?> publish(String topic, byte[] message);

    /** Returns counts of failures and received messages, by result name. */
    Map<String, Number> figures();

    @Override
    void close();
}
