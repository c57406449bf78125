package io.tankws.benchmarks.publish;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.util.List;

/** A tank-ws server with all defaults except the number of topics. */
final class TankWsTopics implements TopicServer {
    private final Manager manager;
    private final WebSocketServer server;
    private List<Client> clients;

    private TankWsTopics(Manager manager, WebSocketServer server) {
        this.manager = manager;
        this.server = server;
    }

    static TankWsTopics start(String transport, int topicsPerConnection) {
        ClientLimits limits =
                ClientLimits.builder().maxTopics(topicsPerConnection).build();
        Manager manager = TankWs.builder().clientLimits(limits).build().start();
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
