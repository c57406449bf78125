package io.tankws.core.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The positions of this node in its streams, by channel, so that other nodes detect missing messages. A forgotten
 * channel starts a new stream with a higher epoch. Guarded by the lock of the {@link ClusterPublisher}.
 */
final class PublisherPositions {
    private static final class Stream {
        private final long epoch;
        private long offset;
        private long lastPublished;

        private Stream(long epoch) {
            this.epoch = epoch;
        }
    }

    private final int limit;
    private final Map<String, Stream> byChannel = new LinkedHashMap<>(16, 0.75f, true);
    private long lastEpoch;

    PublisherPositions(int limit) {
        this.limit = limit;
    }

    /** Assigns the position of the next message of a channel. */
    void stamp(String channel, byte[] message, long now) {
        Stream stream = byChannel.get(channel);
        if (stream == null) {
            stream = new Stream(++lastEpoch);
            byChannel.put(channel, stream);
            forgetOldest();
        }
        stream.lastPublished = now;
        NodeMessage.number(message, stream.epoch, ++stream.offset);
    }

    /** Takes back the last position, which was not used, so that no node misses it. */
    void rollback(String channel) {
        Stream stream = byChannel.get(channel);
        if (stream != null) {
            stream.offset--;
        }
    }

    private void forgetOldest() {
        if (byChannel.size() > limit) {
            Iterator<Stream> oldest = byChannel.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Returns the positions of the channels with a publish within a time in nanoseconds. */
    List<NodeMessage.StreamPosition> publishedWithin(long nanos, long now) {
        List<NodeMessage.StreamPosition> positions = new ArrayList<>();
        for (Map.Entry<String, Stream> entry : byChannel.entrySet()) {
            add(positions, entry.getKey(), entry.getValue(), nanos, now);
        }
        return positions;
    }

    /** Returns the positions of the given channels only. */
    List<NodeMessage.StreamPosition> publishedWithin(List<String> channels, long nanos, long now) {
        List<NodeMessage.StreamPosition> positions = new ArrayList<>();
        for (String channel : channels) {
            Stream stream = byChannel.get(channel);
            if (stream != null) {
                add(positions, channel, stream, nanos, now);
            }
        }
        return positions;
    }

    private static void add(
            List<NodeMessage.StreamPosition> positions, String channel, Stream stream, long nanos, long now) {
        if (stream.offset > 0 && now - stream.lastPublished <= nanos) {
            positions.add(new NodeMessage.StreamPosition(channel, stream.epoch, stream.offset));
        }
    }
}
