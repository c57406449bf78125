package io.tankws.core.cluster;

import io.tankws.OutagePolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for the backplane under an {@link OutagePolicy.Buffer}. Guarded by the lock of the {@link
 * ClusterPublisher}.
 */
final class OutageBuffer {
    /** Maximum number of buffered messages, 0 under a policy without buffering. */
    private final int maxMessages;
    /** Maximum size of all buffered messages in bytes. */
    private final long maxBytes;
    /** Maximum time that a message is buffered, in nanoseconds. */
    private final long maxAge;

    private final Deque<PendingPublish<?>> publishes = new ArrayDeque<>();
    private long bytes;

    OutageBuffer(OutagePolicy policy) {
        if (policy instanceof OutagePolicy.Buffer buffer) {
            maxMessages = buffer.messages();
            maxBytes = buffer.bytes();
            maxAge = buffer.age().toNanos();
        } else {
            maxMessages = 0;
            maxBytes = 0;
            maxAge = 0;
        }
    }

    /** Buffers a message, unless a bound is reached or the policy buffers nothing. */
    boolean offer(PendingPublish<?> publish) {
        boolean fits = publishes.size() < maxMessages && bytes + publish.bytes <= maxBytes;
        if (fits) {
            publishes.add(publish);
            bytes += publish.bytes;
        }
        return fits;
    }

    boolean isEmpty() {
        return publishes.isEmpty();
    }

    int size() {
        return publishes.size();
    }

    /** Returns the oldest buffered message, or {@code null} if there is none. */
    @Nullable
    PendingPublish<?> peek() {
        return publishes.peek();
    }

    void removeFirst() {
        bytes -= publishes.remove().bytes;
    }

    /** Fails the messages that have waited too long. */
    List<PendingPublish<?>> expire(long now) {
        List<PendingPublish<?>> expired = new ArrayList<>();
        for (PendingPublish<?> oldest = peek(); oldest != null && now - oldest.createdAt > maxAge; oldest = peek()) {
            expired.add(oldest);
            removeFirst();
        }
        return expired;
    }

    /** Fails all messages. */
    List<PendingPublish<?>> clear() {
        List<PendingPublish<?>> all = List.copyOf(publishes);
        publishes.clear();
        bytes = 0;
        return all;
    }
}
