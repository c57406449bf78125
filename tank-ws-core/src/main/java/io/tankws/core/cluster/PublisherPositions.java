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
        private final long number;
        private long sequence;
        private long lastPublished;

        private Stream(long number) {
            this.number = number;
        }
    }

    private final int most;
    private final Map<String, Stream> byChannel = new LinkedHashMap<>(16, 0.75f, true);
    private long streams;

    PublisherPositions(int most) {
        this.most = most;
    }

    /** Assigns the position of the next message of a channel. */
    void stamp(String channel, byte[] letter, long now) {
        Stream stream = byChannel.get(channel);
        if (stream == null) {
            stream = new Stream(++streams);
            byChannel.put(channel, stream);
            forgetOldest();
        }
        stream.lastPublished = now;
        NodeMessage.number(letter, stream.number, ++stream.sequence);
    }

    /** Takes back the last position, which was not used, so that no node misses it. */
    void rollback(String channel) {
        Stream stream = byChannel.get(channel);
        if (stream != null) {
            stream.sequence--;
        }
    }

    private void forgetOldest() {
        if (byChannel.size() > most) {
            Iterator<Stream> oldest = byChannel.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Returns the positions of the channels with a publish within a time in nanoseconds. */
    List<NodeMessage.StreamPosition> publishedWithin(long nanos, long now) {
        List<NodeMessage.StreamPosition> heads = new ArrayList<>();
        for (Map.Entry<String, Stream> entry : byChannel.entrySet()) {
            add(heads, entry.getKey(), entry.getValue(), nanos, now);
        }
        return heads;
    }

    /** Returns the positions of the given channels only. */
    List<NodeMessage.StreamPosition> publishedWithin(List<String> channels, long nanos, long now) {
        List<NodeMessage.StreamPosition> heads = new ArrayList<>();
        for (String channel : channels) {
            Stream stream = byChannel.get(channel);
            if (stream != null) {
                add(heads, channel, stream, nanos, now);
            }
        }
        return heads;
    }

    private static void add(
            List<NodeMessage.StreamPosition> heads, String channel, Stream stream, long nanos, long now) {
        if (stream.sequence > 0 && now - stream.lastPublished <= nanos) {
            heads.add(new NodeMessage.StreamPosition(channel, stream.number, stream.sequence));
        }
    }
}
