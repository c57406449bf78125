package io.tankws.it.contract;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

/** Provides {@link Http2Transport}. */
public final class Http2TransportProvider implements TransportProvider {
    static final String NAME = "jetty-http2";

    /** Creates the provider; called by the service loader. */
    public Http2TransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Transport create(TransportConfig config) {
        return new Http2Transport(config);
    }
}
