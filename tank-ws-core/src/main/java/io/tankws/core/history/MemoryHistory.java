package io.tankws.core.history;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.spi.AppendResult;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The streams of all topics with history, in memory. Its rules are those of {@link io.tankws.spi.HistoryStore}, but
 * every call returns its result at once. Callers may hold the lock of a topic, so that the order of appending is the
 * order of delivery. Safe for use by several threads.
 *
 * <p>An append takes constant time, apart from the removal of publications that were appended before. Reading takes
 * time for the publications that are returned.
 */
public final class MemoryHistory {
    /** Number of keys and streams that {@link #expire} handles before it releases the lock for a moment. */
    private static final int EXPIRY_STEP = 256;

    private final RankedLock lock = new RankedLock(RankedLock.Rank.HISTORY);
    private final LongSupplier clock;
    /** Reading of the clock at the creation, so that times are never negative. */
    private final long origin;

    private final long maxBytes;
    private final int maxTopics;
    private final long metadataTtl;
    private final long maxOffset;

    private final TopicEpochs epochs = new TopicEpochs();
    private final IdempotencyTable keys;
    /** Streams by topic, the one that was used least recently first. */
    private final LinkedHashMap<String, TopicStream> streams = new LinkedHashMap<>(16, 0.75f, true);
    /** Streams with publications, the one that must be checked first at the front. */
    private final TreeSet<TopicStream> expiring =
            new TreeSet<>(Comparator.<TopicStream>comparingLong(stream -> stream.queuedUntil)
                    .thenComparingLong(stream -> stream.number));

    /** Sum of the bytes of all streams. */
    private long bytes;

    private long createdStreams;
    private long evictedStreams;

    /**
     * Creates an empty history.
     *
     * @param clock a clock in nanoseconds that never goes back
     */
    public MemoryHistory(ManagerLimits limits, LongSupplier clock) {
        this(limits, clock, StreamPosition.MAX_OFFSET);
    }

    MemoryHistory(ManagerLimits limits, LongSupplier clock, long maxOffset) {
        this.clock = clock;
        this.maxOffset = maxOffset;
        origin = clock.getAsLong();
        maxBytes = limits.maxHistoryBytes() == Limits.UNLIMITED ? Long.MAX_VALUE : limits.maxHistoryBytes();
        maxTopics = limits.maxTopicsWithHistory();
        metadataTtl = limits.historyMetadataTtl().toNanos();
        keys = new IdempotencyTable(limits.maxIdempotencyKeys());
    }

    /** Appends a publication unless it repeats an earlier one, see {@link io.tankws.spi.HistoryStore#append}. */
    public AppendResult append(Publication publication, TopicOptions topicOptions, PublishOptions options) {
        Optional<String> key = options.idempotencyKey();
        boolean kept = topicOptions.hasHistory() && options.isKept();
        if (!kept && key.isEmpty()) {
            return new AppendResult.Appended(publication);
        }
        String topic = publication.topic();
        lock.lock();
        try {
            long now = now();
            if (key.isPresent()) {
                StreamPosition first = keys.find(topic, key.get(), now);
                if (first != null) {
                    return new AppendResult.Repeated(first);
                }
            }
            Publication result = kept ? keep(publication, topicOptions, now) : publication;
            if (key.isPresent()) {
                keys.add(topic, key.get(), result.position(), now);
            }
            return new AppendResult.Appended(result);
        } finally {
            lock.unlock();
        }
    }

    private Publication keep(Publication publication, TopicOptions options, long now) {
        TopicStream stream = findOrCreate(publication.topic(), now);
        bytes -= stream.bytes();
        Publication kept = stream.append(publication, options, maxBytes);
        bytes += stream.bytes();
        if (!stream.isEmpty()) {
            stream.keptUntil = now + options.historyTtl().toNanos();
            if (stream.keptUntil < stream.queuedUntil) {
                queue(stream);
            }
        }
        while (bytes > maxBytes && streams.size() > 1) {
            evictLeastRecentlyUsed();
        }
        return kept;
    }

    /** Returns publications of a topic, see {@link io.tankws.spi.HistoryStore#read}. */
    public HistoryResult read(String topic, HistoryQuery query) {
        lock.lock();
        try {
            TopicStream stream = find(topic, now());
            StreamPosition top = stream == null ? firstPosition(topic) : stream.top();
            Optional<UnknownPosition> unknown = UnknownPosition.check(query, top);
            if (unknown.isPresent()) {
                return unknown.get();
            }
            return stream == null ? HistoryPage.of(query, top, 1, List.of()) : page(stream, query, top);
        } finally {
            lock.unlock();
        }
    }

    private static HistoryPage page(TopicStream stream, HistoryQuery query, StreamPosition top) {
        long oldest = stream.oldest();
        long first = query.firstOffset(top.offset());
        List<Publication> publications;
        if (query.isReverse()) {
            publications = stream.backward(first, atMost(query.limit(), first - oldest + 1));
        } else {
            long from = Math.max(first, oldest);
            publications = stream.forward(from, atMost(query.limit(), top.offset() - from + 1));
        }
        return HistoryPage.of(query, top, oldest, publications);
    }

    private static int atMost(int limit, long available) {
        return (int) Math.min(limit, Math.max(0, available));
    }

    /** Returns the position of the newest publication of a topic. */
    public StreamPosition top(String topic) {
        lock.lock();
        try {
            TopicStream stream = find(topic, now());
            return stream == null ? firstPosition(topic) : stream.top();
        } finally {
            lock.unlock();
        }
    }

    private StreamPosition firstPosition(String topic) {
        return new StreamPosition(epochs.next(topic), 0);
    }

    /** Removes the publications of a topic; epoch and top stay. */
    public void remove(String topic) {
        lock.lock();
        try {
            TopicStream stream = find(topic, now());
            if (stream != null) {
                clear(stream);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes all streams and all idempotency keys. Every topic then has a new epoch. */
    public void clear() {
        lock.lock();
        try {
            while (!streams.isEmpty()) {
                end(leastRecentlyUsed());
            }
            keys.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Frees the memory of everything whose time is over. A periodic task calls this. Without it, calls still see
     * nothing that has expired, but the memory is not freed.
     */
    public void expire() {
        boolean more = true;
        while (more) {
            lock.lock();
            try {
                more = expireSome(now());
            } finally {
                lock.unlock();
            }
        }
    }

    /** Returns whether there is more to expire. */
    private boolean expireSome(long now) {
        for (int i = 0; i < EXPIRY_STEP; i++) {
            if (keys.forgetExpired(now)) {
                continue;
            }
            if (!streams.isEmpty() && isOver(leastRecentlyUsed(), now)) {
                end(leastRecentlyUsed());
            } else if (!expiring.isEmpty() && expiring.first().queuedUntil <= now) {
                checkPublications(expiring.first(), now);
            } else {
                return false;
            }
        }
        return true;
    }

    private void checkPublications(TopicStream stream, long now) {
        unqueue(stream);
        if (stream.isEmpty()) {
            return;
        }
        if (stream.keptUntil <= now) {
            clear(stream);
        } else {
            queue(stream);
        }
    }

    private TopicStream findOrCreate(String topic, long now) {
        TopicStream stream = find(topic, now);
        if (stream != null && stream.topOffset() == maxOffset) {
            end(stream);
            stream = null;
        }
        if (stream == null) {
            // The epoch is that which earlier reads have returned, even if the eviction renews it for the next stream.
            stream = new TopicStream(topic, epochs.next(topic), createdStreams++);
            while (streams.size() >= maxTopics) {
                evictLeastRecentlyUsed();
            }
            stream.lastUse = now;
            streams.put(topic, stream);
            bytes += stream.bytes();
        }
        return stream;
    }

    /** Returns the stream of a topic as it is now and marks it as used, or returns {@code null} if there is none. */
    private @Nullable TopicStream find(String topic, long now) {
        TopicStream stream = streams.get(topic);
        if (stream == null) {
            return null;
        }
        if (isOver(stream, now)) {
            end(stream);
            return null;
        }
        stream.lastUse = now;
        if (!stream.isEmpty() && stream.keptUntil <= now) {
            clear(stream);
        }
        return stream;
    }

    private boolean isOver(TopicStream stream, long now) {
        return stream.lastUse + metadataTtl <= now;
    }

    private TopicStream leastRecentlyUsed() {
        return streams.values().iterator().next();
    }

    private void evictLeastRecentlyUsed() {
        end(leastRecentlyUsed());
        evictedStreams++;
    }

    private void end(TopicStream stream) {
        streams.remove(stream.topic);
        unqueue(stream);
        bytes -= stream.bytes();
        epochs.renew(stream.topic);
    }

    private void clear(TopicStream stream) {
        bytes -= stream.bytes();
        stream.clear();
        bytes += stream.bytes();
    }

    private void queue(TopicStream stream) {
        unqueue(stream);
        stream.queuedUntil = stream.keptUntil;
        expiring.add(stream);
    }

    private void unqueue(TopicStream stream) {
        if (stream.queuedUntil != TopicStream.NOT_QUEUED) {
            expiring.remove(stream);
            stream.queuedUntil = TopicStream.NOT_QUEUED;
        }
    }

    private long now() {
        return clock.getAsLong() - origin;
    }

    /** Returns the number of topics that have a stream. */
    public int topics() {
        lock.lock();
        try {
            return streams.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the bytes with which all streams count. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of streams that were evicted to keep a bound. */
    public long evictions() {
        lock.lock();
        try {
            return evictedStreams;
        } finally {
            lock.unlock();
        }
    }
}
