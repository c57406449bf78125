package io.tankws.benchmarks.publish;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.Manager;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.util.List;

/** A tank-ws server with all defaults except the number of topics, and the history of some. */
final class TankWsTopics implements TopicServer {
    private final Manager manager;
    private final WebSocketServer server;
    private List<Client> clients;

    private TankWsTopics(Manager manager, WebSocketServer server) {
        this.manager = manager;
        this.server = server;
    }

    static TankWsTopics start(String transport, PublishCostOptions options) {
        ClientLimits limits =
                ClientLimits.builder().maxTopics(options.topicsPerConnection()).build();
        Manager.Builder builder = TankWs.builder().clientLimits(limits);
        if (options.history() > 0) {
            // Without a history there is no configurer, so that builds without histories can run this class.
            TopicOptions kept =
                    TopicOptions.builder().historySize(options.history()).build();
            builder.topicConfigurer(topic -> topic.startsWith(KEPT) ? kept : TopicOptions.NONE);
        }
        Manager manager = builder.build().start();
        try {
            WebSocketServer server = TankWs.serve(transport)
                    .port(0)
                    .handle("/ws", manager::handleConnection)
                    .start();
            manager.setServer(server);
            return new TankWsTopics(manager, server);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void subscribe(int client, String topic) {
        if (clients == null) {
            clients = manager.clients();
        }
        clients.get(client).subscribe(topic);
    }

    @Override
    public void publish(String topic, String data) {
        manager.broadcastTopicMessage(topic, data);
    }

    @Override
    public void close() {
        manager.close();
    }
}
