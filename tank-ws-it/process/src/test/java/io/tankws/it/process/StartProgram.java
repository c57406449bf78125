package io.tankws.it.process;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestClient;
import io.tankws.transport.jetty.TankWsHandler;
import java.time.Duration;
import org.eclipse.jetty.server.Server;

/** A program that starts one transport or backplane on the library versions of its path and uses it once. */
public final class StartProgram {
    static final int REFUSED = 3;

    private StartProgram() {}

    /**
     * Starts the part and uses it.
     *
     * @param arguments {@code jetty}, {@code java-websocket}, {@code mounted}, or {@code redis} with a URI
     */
    public static void main(String[] arguments) throws Exception {
        try {
            switch (arguments[0]) {
                case "mounted" -> mount();
                case "redis" -> join(arguments[1]);
                default -> serve(arguments[0]);
            }
        } catch (RuntimeException | Error e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
            System.exit(REFUSED);
        }
        System.exit(0);
    }

    private static void serve(String transport) throws Exception {
        Manager manager = TankWs.newInstance();
        try (WebSocketServer server =
                TankWs.serve(transport).port(0).handle("/ws", manager).start()) {
            TestClient client = TestClient.connect(server, "/ws?user_id=ann");
            client.sendText("sub:news");
            while (manager.getTopicSubscriberCount("news") == 0) {
                Thread.onSpinWait();
            }
            System.out.println("served");
        }
    }

    private static void mount() throws Exception {
        Server jetty = new Server(0);
        jetty.setHandler(new TankWsHandler());
        jetty.start();
        System.out.println("mounted");
        jetty.stop();
    }

    private static void join(String uri) {
        try (Manager manager =
                TankWs.builder().cluster(ClusterConfig.of("test", uri)).build().start()) {
            manager.shutdown(Duration.ofSeconds(1));
            System.out.println("joined");
        }
    }
}
