package io.tankws.transport.memory;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

/**
 * The provider of the transport {@code in-memory}, which has no sockets. Clients connect with {@link
 * InMemoryPeer#connect}.
 *
 * <p>A port belongs to the process, whatever the host is. The transport reads no request head, so {@code
 * handshakeBytes} and {@code handshakeTimeout} have no effect. Hints on buffers and compression are ignored.
 */
public final class InMemoryTransportProvider implements TransportProvider {
    /** The name of the transport. */
    public static final String NAME = "in-memory";

    /** Creates the provider. */
    public InMemoryTransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Transport create(TransportConfig config) {
        return new InMemoryTransport(config);
    }
}
