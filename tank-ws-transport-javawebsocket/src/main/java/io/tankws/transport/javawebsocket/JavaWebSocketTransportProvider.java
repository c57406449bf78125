package io.tankws.transport.javawebsocket;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

/**
 * Provides the transport {@code java-websocket}. It has no compression: the library cannot bound what it inflates. It has
 * no TLS: the library's spins on a peer that falls silent within the TLS handshake.
 */
public final class JavaWebSocketTransportProvider implements TransportProvider {
    /** Creates the provider; {@link java.util.ServiceLoader} calls it. */
    public JavaWebSocketTransportProvider() {}

    @Override
    public String name() {
        return "java-websocket";
    }

    @Override
    public Transport create(TransportConfig config) {
        LibraryVersion.require();
        return new JavaWebSocketTransport(config);
    }
}
