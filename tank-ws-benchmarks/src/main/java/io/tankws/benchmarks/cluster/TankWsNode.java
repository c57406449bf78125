package io.tankws.benchmarks.cluster;

import io.tankws.ClusterConfig;
import io.tankws.ClusterHealth;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.core.TankWs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A tank-ws server with all defaults, standalone or as a node of a cluster. */
final class TankWsNode implements PublishPath {
    private static final long JOIN_NANOS = 20_000_000_000L;
    private static final long LOOK_MILLIS = 20;

    private final Manager manager;
    private final WebSocketServer server;

    private TankWsNode(Manager manager, WebSocketServer server) {
        this.manager = manager;
        this.server = server;
    }

    static TankWsNode start(String transport) {
        return serve(TankWs.builder().build().start(), transport);
    }

    /** Waits until the node is connected to its cluster. */
    static TankWsNode start(String transport, String redis, String cluster) {
        TankWsNode node = serve(
                TankWs.builder()
                        .cluster(ClusterConfig.of(cluster, redis))
                        .build()
                        .start(),
                transport);
        long deadline = System.nanoTime() + JOIN_NANOS;
        while (!node.isUp() && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        if (!node.isUp()) {
            String detail = node.manager.cluster().health().detail();
            node.close();
            throw new LoadException("The node did not connect to its cluster: " + detail);
        }
        return node;
    }

    private boolean isUp() {
        return manager.cluster().health().status() == ClusterHealth.Status.UP;
    }

    private static TankWsNode serve(Manager manager, String transport) {
        try {
            WebSocketServer server = TankWs.serve(transport)
                    .port(0)
                    .handle("/ws", manager::handleConnection)
                    .start();
            manager.setServer(server);
            return new TankWsNode(manager, server);
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
    public int subscribers(String topic) {
        return manager.getTopicSubscriberCount(topic);
    }

    @Override
    public CompletionStage<?> publish(String topic, byte[] message) {
        return manager.broadcastTopicMessage(topic, new String(message, StandardCharsets.ISO_8859_1));
    }

    @Override
    public Map<String, Number> figures() {
        ClusterHealth health = manager.cluster().health();
        return Map.of("missed", health.missed(), "publish_failures", health.publishFailures());
    }

    @Override
    public void close() {
        manager.close();
    }
}
