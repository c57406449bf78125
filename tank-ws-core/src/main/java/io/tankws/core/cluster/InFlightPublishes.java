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
    private final Set<PendingPublish> departures = new LinkedHashSet<>();
    private long bytes;

    InFlightPublishes(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /**
     * Returns whether there is room. A message larger than the bound is sent alone.
     *
     * @param besides number of other waiting messages
     */
    boolean hasRoomFor(PendingPublish departure, int besides) {
        return departures.size() + besides < cluster.pendingMessages()
                && (departures.isEmpty() || bytes + departure.message.length <= cluster.pendingBytes());
    }

    void add(PendingPublish departure) {
        departure.admitted = RunningTime.nanoTime();
        departures.add(departure);
        bytes += departure.message.length;
    }

    void remove(PendingPublish departure) {
        departures.remove(departure);
        bytes -= departure.message.length;
    }

    /** Returns the oldest publish, or {@code null} if there is none. */
    @Nullable
    PendingPublish first() {
        return departures.isEmpty() ? null : departures.iterator().next();
    }

    /** Returns the publishes that have not been handed to the backplane. */
    List<PendingPublish> notHandedOver() {
        return departures.stream().filter(departure -> !departure.handedOver).toList();
    }

    int size() {
        return departures.size();
    }
}
