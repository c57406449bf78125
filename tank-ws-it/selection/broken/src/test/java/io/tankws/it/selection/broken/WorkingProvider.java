package io.tankws.it.selection.broken;

import io.tankws.HandshakeHandler;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.net.InetSocketAddress;
import java.time.Duration;

public final class WorkingProvider implements TransportProvider {
    public WorkingProvider() {}

    @Override
    public String name() {
        return "working";
    }

    @Override
    public Transport create(TransportConfig config) {
        return new Transport() {
            @Override
            public void handle(String path, HandshakeHandler handler) {}

            @Override
            public void start() {}

            @Override
            public InetSocketAddress address() {
                return InetSocketAddress.createUnresolved(config.host(), config.port());
            }

            @Override
            public void close(Duration timeout) {}
        };
    }
}
