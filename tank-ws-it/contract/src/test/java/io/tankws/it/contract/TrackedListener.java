package io.tankws.it.contract;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.support.ConnectionTracker;
import java.nio.ByteBuffer;

/** A listener that keeps a list of open connections and passes on every call. */
final class TrackedListener implements ConnectionListener {
    private final ConnectionListener listener;
    private final ConnectionTracker connections;
    private volatile Connection open;

    TrackedListener(ConnectionListener listener, ConnectionTracker connections) {
        this.listener = listener;
        this.connections = connections;
    }

    @Override
    public void onOpen(Connection connection) {
        open = connection;
        listener.onOpen(connection);
        connections.add(connection);
    }

    @Override
    public void onOpenFailed(Throwable cause) {
        listener.onOpenFailed(cause);
    }

    @Override
    public void onText(ByteBuffer utf8) {
        listener.onText(utf8);
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        listener.onBinary(payload);
    }

    @Override
    public void onPing(ByteBuffer payload) {
        listener.onPing(payload);
    }

    @Override
    public void onPong(ByteBuffer payload) {
        listener.onPong(payload);
    }

    @Override
    public void onReadComplete() {
        listener.onReadComplete();
    }

    @Override
    public void onError(Throwable cause) {
        listener.onError(cause);
    }

    @Override
    public void onPeerClose(Connection connection, CloseStatus status) {
        listener.onPeerClose(connection, status);
    }

    @Override
    public void onClose(CloseStatus status) {
        listener.onClose(status);
        connections.remove(open);
    }
}
