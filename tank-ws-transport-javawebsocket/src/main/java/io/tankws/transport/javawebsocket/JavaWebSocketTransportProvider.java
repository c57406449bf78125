package io.tankws.transport.javawebsocket;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

/**
 * The provider of the transport {@code java-websocket}. The transport has no compression, because the library cannot
 * bound the inflated size. It has no TLS, because the library's TLS uses a whole processor while a peer is silent
 * within the TLS handshake.
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
