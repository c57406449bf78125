package io.tankws.core.handshake;

import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import java.time.Duration;

/**
 * A handshake with its server, so that a manager behind a handler of the application can compare its settings with
 * the server.
 */
public record RoutedHandshake(TransportHandshake origin, TransportCapabilities server) implements TransportHandshake {
    /** Returns a handler that passes on handshakes with their server. */
    public static HandshakeHandler handler(TransportCapabilities server, HandshakeHandler handler) {
        return handshake -> handler.handleConnection(
                handshake instanceof TransportHandshake origin ? new RoutedHandshake(origin, server) : handshake);
    }

    @Override
    public HandshakeRequest request() {
        return origin.request();
    }

    @Override
    public void refuse(Refusal refusal) {
        origin.refuse(refusal);
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        origin.accept(acceptance, listener);
    }

    @Override
    public void decideWithin(Duration timeout) {
        origin.decideWithin(timeout);
    }
}
