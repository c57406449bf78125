package io.tankws.core.history;

import io.tankws.Publication;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one topic: its epoch, its top offset, and the newest publications in a ring. The publications always
 * have consecutive offsets and end at the top, or there are none. Not thread-safe.
 */
final class TopicStream {
    /** The number of bytes with which a stream counts, without its name and its publications. */
    static final int OVERHEAD = 400;

    /** The value of {@link #queuedUntil} of a stream that waits for no removal. */
    static final long NOT_QUEUED = Long.MAX_VALUE;

    private static final Publication[] NONE = {};
    private static final int MIN_CAPACITY = 4;

    final String topic;
    /** Distinguishes streams that wait for their removal until the same time. */
    final long number;
    /** Time of the last use, in nanoseconds. */
    long lastUse;
    /** Time at which the publications are to be removed, in nanoseconds. Has no meaning if there are none. */
    long keptUntil;
    /** Time at which {@link #keptUntil} is to be checked, or {@link #NOT_QUEUED}. */
    long queuedUntil = NOT_QUEUED;

    private final String epoch;
    private long top;
    private @Nullable Publication[] ring = NONE;
    /** Index of the oldest publication in the ring. */
    private int first;

    private int count;
    /** Bytes of all payloads. */
    private long payloadBytes;
    /** Sum of {@link PublicationSize}. */
    private long publicationBytes;

    TopicStream(String topic, String epoch, long number) {
        this.topic = topic;
        this.epoch = epoch;
        this.number = number;
    }

    StreamPosition top() {
        return new StreamPosition(epoch, top);
    }

    long topOffset() {
        return top;
    }

    /** Returns the offset of the oldest publication, or one more than the top if there is none. */
    long oldest() {
        return top - count + 1;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns the bytes with which this stream counts. */
    long bytes() {
        return overhead() + publicationBytes;
    }

    private long overhead() {
        return OVERHEAD + 2L * topic.length();
    }

    /**
     * Appends a publication and removes the oldest ones that exceed a bound. A publication that exceeds a bound alone
     * gets an offset, but is not kept.
     *
     * @param maxBytes the maximum of {@link #bytes}
     * @return the publication with its position
     */
    Publication append(Publication publication, TopicOptions options, long maxBytes) {
        top++;
        Publication kept = publication.at(top());
        int payload = kept.payload().size();
        long size = PublicationSize.of(kept);
        long maxPublicationBytes = maxBytes - overhead();
        if (payload > options.historyBytes() || size > maxPublicationBytes) {
            clear();
            return kept;
        }
        while (count >= options.historySize()
                || payloadBytes + payload > options.historyBytes()
                || publicationBytes + size > maxPublicationBytes) {
            removeOldest();
        }
        if (count == ring.length) {
            resize(Math.max(MIN_CAPACITY, 2 * count));
        }
        ring[index(count)] = kept;
        count++;
        payloadBytes += payload;
        publicationBytes += size;
        return kept;
    }

    void clear() {
        ring = NONE;
        first = 0;
        count = 0;
        payloadBytes = 0;
        publicationBytes = 0;
    }

    private void removeOldest() {
        Publication oldest = ring[first];
        ring[first] = null;
        first = index(1);
        count--;
        payloadBytes -= oldest.payload().size();
        publicationBytes -= PublicationSize.of(oldest);
        if (count <= ring.length / 4 && ring.length > MIN_CAPACITY) {
            resize(ring.length / 2);
        }
    }

    private void resize(int capacity) {
        Publication[] next = new Publication[capacity];
        int untilEnd = Math.min(count, ring.length - first);
        System.arraycopy(ring, first, next, 0, untilEnd);
        System.arraycopy(ring, 0, next, untilEnd, count - untilEnd);
        ring = next;
        first = 0;
    }

    private int index(int distance) {
        int index = first + distance;
        return index < ring.length ? index : index - ring.length;
    }

    /** Returns publications with ascending offsets. All must be kept. */
    List<Publication> forward(long from, int number) {
        Publication[] result = new Publication[number];
        int distance = (int) (from - oldest());
        for (int i = 0; i < number; i++) {
            result[i] = ring[index(distance + i)];
        }
        return List.of(result);
    }

    /** Returns publications with descending offsets. All must be kept. */
    List<Publication> backward(long from, int number) {
        Publication[] result = new Publication[number];
        int distance = (int) (from - oldest());
        for (int i = 0; i < number; i++) {
            result[i] = ring[index(distance - i)];
        }
        return List.of(result);
    }
}
