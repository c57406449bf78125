package io.tankws.core.cluster;

import io.tankws.OutagePolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The messages that wait for the backplane under an {@link OutagePolicy.Buffer}. Guarded by the lock of the {@link
 * ClusterPublisher}.
 */
final class OutageBuffer {
    /** Bounds of the buffer, or {@code null} under a policy without buffering. */
    private final OutagePolicy.Buffer bounds;

    private final Deque<PendingPublish> waiting = new ArrayDeque<>();
    private long bytes;

    OutageBuffer(OutagePolicy policy) {
        bounds = policy instanceof OutagePolicy.Buffer buffer ? buffer : null;
    }

    /** Buffers a message, unless a bound is reached or the policy buffers nothing. */
    boolean offer(PendingPublish departure) {
        boolean fits = bounds != null
                && waiting.size() < bounds.messages()
                && bytes + departure.message.length <= bounds.bytes();
        if (fits) {
            waiting.add(departure);
            bytes += departure.message.length;
        }
        return fits;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** Returns the oldest buffered message, or {@code null} if there is none. */
    PendingPublish peek() {
        return waiting.peek();
    }

    void removeFirst() {
        bytes -= waiting.remove().message.length;
    }

    /** Fails the messages that have waited too long. */
    List<PendingPublish> expire(long now) {
        List<PendingPublish> expired = new ArrayList<>();
        while (!waiting.isEmpty()
                && now - waiting.peek().createdAt > bounds.age().toNanos()) {
            expired.add(waiting.peek());
            removeFirst();
        }
        return expired;
    }

    /** Fails all messages. */
    List<PendingPublish> clear() {
        List<PendingPublish> all = List.copyOf(waiting);
        waiting.clear();
        bytes = 0;
        return all;
    }
}
