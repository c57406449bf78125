package io.tankws.transport.jetty;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit on open sockets: closes each new socket above it. Jetty's own limit leaves such a socket in the backlog,
 * where it delays the next ones.
 */
final class SocketLimiter implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SocketLimiter.class);

    private final Connector connector;
    private final int limit;
    private final AtomicBoolean full = new AtomicBoolean();

    SocketLimiter(Connector connector, int limit) {
        this.connector = connector;
        this.limit = limit;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof TankWsConnection) {
            // An upgrade opens no socket.
            return;
        }
        if (connector.getConnectedEndPoints().size() <= limit) {
            full.set(false);
            return;
        }
        if (full.compareAndSet(false, true)) {
            LOG.warn("New sockets are closed, because {} are open", limit);
        }
        connection.getEndPoint().close();
    }

    @Override
    public void onClosed(Connection connection) {}
}
