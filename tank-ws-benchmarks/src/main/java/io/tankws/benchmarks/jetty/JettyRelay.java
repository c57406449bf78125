package io.tankws.benchmarks.jetty;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * A relay on Jetty as its documentation shows it, with one {@code sendText} per client. It uses the threads and buffers
 * of Jetty. The queue of a slow client has no limit.
 */
public final class JettyRelay implements Session.Listener.AutoDemanding {
    private final Set<Session> everybody;
    private Session session;

    private JettyRelay(Set<Session> everybody) {
        this.everybody = everybody;
    }

    /**
     * Runs until the process is stopped.
     *
     * @param arguments the port on 127.0.0.1
     * @throws Exception if the server cannot listen
     */
    public static void main(String[] arguments) throws Exception {
        Set<Session> everybody = ConcurrentHashMap.newKeySet();
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/ws", (request, response, callback) -> new JettyRelay(everybody))));
        server.start();
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        everybody.add(opened);
    }

    @Override
    public void onWebSocketText(String message) {
        for (Session other : everybody) {
            if (other != session) {
                other.sendText(message, Callback.NOOP);
            }
        }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // The load generator ends its connections with a reset.
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        everybody.remove(session);
        callback.succeed();
    }
}
