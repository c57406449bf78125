package io.tankws.transport.jetty;

import io.tankws.spi.Capability;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.util.Set;

/** The provider of the transport {@code jetty}, which runs a Jetty server for each port. */
public final class JettyTransportProvider implements TransportProvider {
    private static final Set<Capability> CAPABILITIES =
            Set.of(Capability.TLS, Capability.CLIENT_CERTIFICATES, Capability.COMPRESSION, Capability.BUFFER_SIZES);

    /** Creates the provider; {@link java.util.ServiceLoader} calls this. */
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
