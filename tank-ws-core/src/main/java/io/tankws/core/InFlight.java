package io.tankws.core;

import io.tankws.ClusterConfig;
import io.tankws.spi.support.RunningTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a node has let through to the backplane and not heard of since, in that order. Its {@link Departures}' lock guards it. */
final class InFlight {
    private final ClusterConfig cluster;
    private final Set<Departure> departures = new LinkedHashSet<>();
    private long bytes;

    InFlight(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /**
     * Tells whether there is room. A letter larger than the bound leaves alone.
     *
     * @param besides what else counts as messages
     */
    boolean hasRoomFor(Departure departure, int besides) {
        return departures.size() + besides < cluster.pendingMessages()
                && (departures.isEmpty() || bytes + departure.letter.length <= cluster.pendingBytes());
    }

    void add(Departure departure) {
        departure.admitted = RunningTime.nanoTime();
        departures.add(departure);
        bytes += departure.letter.length;
    }

    void remove(Departure departure) {
        departures.remove(departure);
        bytes -= departure.letter.length;
    }

    /** Returns {@code null} if there is none. */
    Departure first() {
        return departures.isEmpty() ? null : departures.iterator().next();
    }

    /** Those that the backplane has not got yet. */
    List<Departure> notLeft() {
        return departures.stream().filter(departure -> !departure.left).toList();
    }

    int size() {
        return departures.size();
    }
}
