package io.tankws.transport.memory;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

/**
 * Provides the transport {@code in-memory}: no sockets, no bytes but those of payloads, reached by
 * {@link InMemoryPeer#connect}.
 *
 * <p>A port is one of this process, whatever the host. Since no request head is read, {@code handshakeBytes} and
 * {@code handshakeTimeout} do not apply; the hints on buffers and compression are ignored.
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
