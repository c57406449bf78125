package io.tankws.core;

import io.tankws.OutagePolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What waits for the backplane's return, by {@link OutagePolicy.Kind#BUFFER}. Its {@link ClusterPublisher}' lock guards it. */
final class OutageBuffer {
    private final OutagePolicy policy;
    private final Deque<PendingPublish> waiting = new ArrayDeque<>();
    private long bytes;

    OutageBuffer(OutagePolicy policy) {
        this.policy = policy;
    }

    /** Takes one unless there is no room; by another policy there is none. */
    boolean offer(PendingPublish departure) {
        boolean fits = waiting.size() < policy.messages() && bytes + departure.letter.length <= policy.bytes();
        if (fits) {
            waiting.add(departure);
            bytes += departure.letter.length;
        }
        return fits;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** The one that has waited longest, {@code null} if there is none. */
    PendingPublish peek() {
        return waiting.peek();
    }

    void removeFirst() {
        bytes -= waiting.remove().letter.length;
    }

    /** Gives up those that have waited too long. */
    List<PendingPublish> expire(long now) {
        List<PendingPublish> expired = new ArrayList<>();
        while (!waiting.isEmpty() && now - waiting.peek().at > policy.age().toNanos()) {
            expired.add(waiting.peek());
            removeFirst();
        }
        return expired;
    }

    /** Gives up all. */
    List<PendingPublish> clear() {
        List<PendingPublish> all = List.copyOf(waiting);
        waiting.clear();
        bytes = 0;
        return all;
    }
}
