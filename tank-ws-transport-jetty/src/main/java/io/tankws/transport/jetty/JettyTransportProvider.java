package io.tankws.transport.jetty;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

/** Provides the transport {@code jetty}: each port is a Jetty server of its own. */
public final class JettyTransportProvider implements TransportProvider {
    /** Used by {@link java.util.ServiceLoader}. */
    public JettyTransportProvider() {}

    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public boolean hasTls() {
        return true;
    }

    @Override
    public boolean hasCompression() {
        return true;
    }

    @Override
    public boolean hasBufferSizes() {
        return true;
    }

    @Override
    public Transport create(TransportConfig config) {
        JettyVersion.require();
        return new JettyTransport(config);
    }
}
