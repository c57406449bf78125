package io.tankws.core.handshake;

import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.spi.ClientProtocol;

/** The handler of a route on which the clients of a manager speak another protocol than the plain one. */
public record ProtocolEndpoint(AttachedManager manager, ClientProtocol protocol) implements HandshakeHandler {
    @Override
    public void handleConnection(Handshake handshake) {
        manager.handle(handshake, protocol);
    }

    /** Returns a text without the parts of the manager. */
    @Override
    public String toString() {
        return protocol.name() + " of " + manager;
    }
}
