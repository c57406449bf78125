package io.tankws.transport.javawebsocket;

import io.tankws.spi.Transport;

/** Access to the internals of a transport. */
final class Listeners {
    private Listeners() {}

    static void awaitNoPeers(Transport transport) {
        Fixture.await(() -> peers(transport) == 0);
    }

    static int peers(Transport transport) {
        return ((JavaWebSocketTransport) transport).peers();
    }
}
