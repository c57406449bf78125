package io.tankws.it.twins;

import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;

public final class FirstProvider implements TransportProvider {
    public FirstProvider() {}

    @Override
    public String name() {
        return "twin";
    }

    @Override
    public Transport create(TransportConfig config) {
        throw new AssertionError("nothing starts on a transport that was not chosen");
    }
}
