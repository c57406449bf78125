package io.tankws.core.cluster;

import io.tankws.ClusterConfig;
import io.tankws.spi.support.RunningTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The publishes that the backplane has received and not completed, in order. Guarded by the lock of the {@link
 * ClusterPublisher}.
 */
final class InFlightPublishes {
    private final ClusterConfig cluster;
    private final Set<PendingPublish<?>> publishes = new LinkedHashSet<>();
    private long bytes;

    InFlightPublishes(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /**
     * Returns whether there is room. A message larger than the bound is sent alone.
     *
     * @param otherMessages number of other waiting messages
     */
    boolean hasRoomFor(PendingPublish<?> publish, int otherMessages) {
        return publishes.size() + otherMessages < cluster.pendingMessages()
                && (publishes.isEmpty() || bytes + publish.bytes <= cluster.pendingBytes());
    }

    void add(PendingPublish<?> publish) {
        publish.admittedAt = RunningTime.nanoTime();
        publishes.add(publish);
        bytes += publish.bytes;
    }

    void remove(PendingPublish<?> publish) {
        publishes.remove(publish);
        bytes -= publish.bytes;
    }

    /** Returns the oldest publish, or {@code null} if there is none. */
    @Nullable
    PendingPublish<?> first() {
        return publishes.isEmpty() ? null : publishes.iterator().next();
    }

    /** Returns the publishes that have not been handed to the backplane. */
    List<PendingPublish<?>> notHandedOver() {
        return publishes.stream().filter(publish -> !publish.handedOver).toList();
    }

    int size() {
        return publishes.size();
    }
}
