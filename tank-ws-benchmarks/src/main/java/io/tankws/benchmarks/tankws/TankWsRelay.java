package io.tankws.benchmarks.tankws;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;

/** An unmodified tank-ws server on either transport. It relays the messages of a client to all other clients. */
public final class TankWsRelay implements AutoCloseable {
    private final Manager manager;
    private final WebSocketServer server;

    private TankWsRelay(Manager manager, WebSocketServer server) {
        this.manager = manager;
        this.server = server;
    }

    /**
     * Runs until the process is stopped.
     *
     * @param arguments the transport's name and the port
     */
    public static void main(String[] arguments) {
        TankWsRelay relay = start(arguments[0], Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(relay::close, "stop"));
    }

    /**
     * Starts a server.
     *
     * @param transport the transport's name
     * @param port its port on 127.0.0.1, or 0 for a free port
     * @return the running server
     */
    public static TankWsRelay start(String transport, int port) {
        Manager manager = TankWs.newInstance();
        try {
            WebSocketServer server = TankWs.serve(transport)
                    .port(port)
                    .handle("/ws", manager::handleConnection)
                    .start();
            manager.setServer(server);
            return new TankWsRelay(manager, server);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Returns the port.
     *
     * @return the given port, or the free port that was chosen
     */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        manager.close();
    }
}
