package io.tankws.examples;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.time.Duration;

public final class Chat {
    public static void main(String[] args) {
        Manager tank = TankWs.getSingleInstance();
        tank.enableHeartbeat(Duration.ofSeconds(30), Duration.ofSeconds(60));
        WebSocketServer server =
                TankWs.serve("jetty").port(8080).handle("/ws", tank).start();
        tank.setServer(server);
        Runtime.getRuntime().addShutdownHook(new Thread(tank::close));
        tank.broadcastTopicMessage("news", "the server is up on port " + server.port());
    }
}
