package io.tankws.transport.jetty;

import io.tankws.spi.Capability;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.util.Set;

/** Provides the transport {@code jetty}: each port is a Jetty server of its own. */
public final class JettyTransportProvider implements TransportProvider {
    private static final Set<Capability> CAPABILITIES =
            Set.of(Capability.TLS, Capability.CLIENT_CERTIFICATES, Capability.COMPRESSION, Capability.BUFFER_SIZES);

    /** Used by {@link java.util.ServiceLoader}. */
    public JettyTransportProvider() {}

    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Transport create(TransportConfig config) {
        JettyVersion.require();
        return new JettyTransport(config);
    }
}
