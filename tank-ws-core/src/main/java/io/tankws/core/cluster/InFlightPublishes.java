package io.tankws.core.cluster;

import io.tankws.ClusterConfig;
import io.tankws.spi.support.RunningTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node has let through to the backplane and not heard of since, in that order. Its {@link ClusterPublisher}'
 * lock guards it.
 */
final class InFlightPublishes {
    private final ClusterConfig cluster;
    private final Set<PendingPublish> departures = new LinkedHashSet<>();
    private long bytes;

    InFlightPublishes(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /**
     * Tells whether there is room. A letter larger than the bound leaves alone.
     *
     * @param besides what else counts as messages
     */
    boolean hasRoomFor(PendingPublish departure, int besides) {
        return departures.size() + besides < cluster.pendingMessages()
                && (departures.isEmpty() || bytes + departure.letter.length <= cluster.pendingBytes());
    }

    void add(PendingPublish departure) {
        departure.admitted = RunningTime.nanoTime();
        departures.add(departure);
        bytes += departure.letter.length;
    }

    void remove(PendingPublish departure) {
        departures.remove(departure);
        bytes -= departure.letter.length;
    }

    /** Returns {@code null} if there is none. */
    PendingPublish first() {
        return departures.isEmpty() ? null : departures.iterator().next();
    }

    /** Those that the backplane has not got yet. */
    List<PendingPublish> notLeft() {
        return departures.stream().filter(departure -> !departure.left).toList();
    }

    int size() {
        return departures.size();
    }
}
