package io.tankws.transport.memory;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.Set;

/**
 * Provides the backplane {@code in-memory} for several nodes in one process, at URIs like {@code in-memory:anything}: those
 * with the same URI and cluster meet in one {@link InMemoryHub}, with which tests make faults.
 *
 * <p>Each node has one daemon thread, {@code NAME-backplane}, on which its listener is called and its stages complete. What
 * waits there is bounded by 65536 messages a node; above that, publishes are {@code REFUSED}, for all or for none.
 */
public final class InMemoryBackplaneProvider implements BackplaneProvider {
    static final String NAME = "in-memory";

    /** Creates the provider. */
    public InMemoryBackplaneProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of(NAME);
    }

    @Override
    public Backplane create(BackplaneConfig config) {
        return new InMemoryBackplane(config);
    }
}
