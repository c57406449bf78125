package io.tankws.it.selection.duplicate;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

public final class SecondProvider implements TransportProvider {
    public SecondProvider() {}

    @Override
    public String name() {
        return "duplicate";
    }

    @Override
    public Transport create(TransportConfig config) {
        throw new AssertionError("a transport that was not chosen must not start");
    }
}
