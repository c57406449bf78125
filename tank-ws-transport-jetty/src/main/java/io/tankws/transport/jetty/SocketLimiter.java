package io.tankws.transport.jetty;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a new socket where there are too many already. Jetty's own limit leaves it unanswered in the backlog instead,
 * where it holds up those that follow.
 */
final class SocketLimiter implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SocketLimiter.class);

    private final Connector connector;
    private final int most;
    private final AtomicBoolean full = new AtomicBoolean();

    SocketLimiter(Connector connector, int most) {
        this.connector = connector;
        this.most = most;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof TankWsConnection) {
            // An upgrade is no new socket.
            return;
        }
        if (connector.getConnectedEndPoints().size() <= most) {
            full.set(false);
            return;
        }
        if (full.compareAndSet(false, true)) {
            LOG.warn("New sockets are closed: there are {}", most);
        }
        connection.getEndPoint().close();
    }

    @Override
    public void onClosed(Connection connection) {}
}
