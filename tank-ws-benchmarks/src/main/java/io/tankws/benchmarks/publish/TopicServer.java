package io.tankws.benchmarks.publish;

import java.io.IOException;

/** A server that {@link PublishServer} measures. It sends each client one greeting and the published messages only. */
interface TopicServer extends AutoCloseable {
    /** The name of the baseline, which is not a transport and does the minimum of any server. */
    String BASELINE = "bare";

    /** The beginning of the name of each topic with a history. */
    String KEPT = "kept/";

    static TopicServer start(String name, PublishCostOptions options) throws IOException {
        return name.equals(BASELINE) ? BaselineTopics.start() : TankWsTopics.start(name, options);
    }

    int port();

    /**
     * Subscribes a client.
     *
     * @param client its index, in no particular order. All clients must have received their greeting
     */
    void subscribe(int client, String topic);

    void publish(String topic, String data);

    @Override
    void close();
}
