package consumer;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.io.IOException;

/** An application that names no transport. */
public final class Notices implements AutoCloseable {
    private final Manager tank;
    private final WebSocketServer server;

    public Notices(Manager tank) {
        this.tank = tank;
        server = TankWs.serve().port(0).handle("/ws", tank).start();
        tank.setServer(server);
    }

    public WebSocketServer server() {
        return server;
    }

    public int readers() {
        return tank.getTopicSubscriberCount("news");
    }

    public void publish(String notice) {
        tank.broadcastTopicMessage("news", notice);
    }

    @Override
    public void close() {
        tank.close();
    }

    /** Serves until its input ends. */
    public static void main(String[] args) throws IOException {
        try (Notices notices = new Notices(TankWs.newInstance())) {
            System.out.println(notices.server.transport() + " " + notices.server.port());
            while (System.in.read() >= 0) {}
        }
    }
}
