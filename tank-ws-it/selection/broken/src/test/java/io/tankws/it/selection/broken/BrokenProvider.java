package io.tankws.it.selection.broken;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

public final class BrokenProvider implements TransportProvider {
    public BrokenProvider() {
        throw new IllegalStateException("the license has expired");
    }

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public Transport create(TransportConfig config) {
        throw new AssertionError("a provider that failed to load must not create a transport");
    }
}
