package io.tankws.benchmarks.publish;

import java.io.IOException;

/** A server that {@link PublishServer} measures. It sends each client one greeting and the published messages only. */
interface TopicServer extends AutoCloseable {
    /** Not a transport: the least that any server could do. */
    String BARE = "bare";

    static TopicServer start(String name, PublishCostOptions options) throws IOException {
        return name.equals(BARE) ? BaselineTopics.start() : TankWsTopics.start(name, options.topicsPerConnection());
    }

    int port();

    /**
     * Subscribes a client.
     *
     * @param client its number, in no particular order; all must have been greeted
     */
    void subscribe(int client, String topic);

    void publish(String topic, String data);

    @Override
    void close();
}
