package io.tankws.transport.memory;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.Set;

/**
 * The provider of the backplane {@code in-memory}, which connects several nodes in one process. URIs have the form
 * {@code in-memory:anything}. Nodes with the same URI and cluster share one {@link InMemoryHub}, which also injects
 * faults.
 *
 * <p>Each node has one daemon thread, {@code NAME-backplane}. It calls the listener and completes the stages. When
 * 65536 messages are queued for the thread of one node, publishes to its channels fail with {@code REFUSED} and reach
 * no node.
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
