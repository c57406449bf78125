package io.tankws.core.cluster;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.Set;

/** A provider of the only backplane of a test, with the scheme {@code test}. */
public record TestBackplane(Backplane backplane) implements BackplaneProvider {
    @Override
    public String name() {
        return "test";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("test");
    }

    @Override
    public Backplane create(BackplaneConfig config) {
        return backplane;
    }
}
