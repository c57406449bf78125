package io.tankws.core.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many letters this node has published on each channel, so that others notice what they miss. A channel that is
 * forgotten begins a new stream, whose number is higher. Its {@link ClusterPublisher}' lock guards it.
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

    /** Numbers the next letter on a channel. */
    void number(String channel, byte[] letter, long now) {
        Stream stream = byChannel.get(channel);
        if (stream == null) {
            stream = new Stream(++streams);
            byChannel.put(channel, stream);
            forgetOldest();
        }
        stream.lastPublished = now;
        NodeMessage.number(letter, stream.number, ++stream.sequence);
    }

    /** The last number given was not used: nobody will miss it. */
    void takeBack(String channel) {
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

    /** How far the channels are that were published to within so many nanoseconds. */
    List<NodeMessage.Head> publishedWithin(long nanos, long now) {
        List<NodeMessage.Head> heads = new ArrayList<>();
        for (Map.Entry<String, Stream> entry : byChannel.entrySet()) {
            add(heads, entry.getKey(), entry.getValue(), nanos, now);
        }
        return heads;
    }

    /** Of these channels alone. */
    List<NodeMessage.Head> publishedWithin(List<String> channels, long nanos, long now) {
        List<NodeMessage.Head> heads = new ArrayList<>();
        for (String channel : channels) {
            Stream stream = byChannel.get(channel);
            if (stream != null) {
                add(heads, channel, stream, nanos, now);
            }
        }
        return heads;
    }

    private static void add(List<NodeMessage.Head> heads, String channel, Stream stream, long nanos, long now) {
        if (stream.sequence > 0 && now - stream.lastPublished <= nanos) {
            heads.add(new NodeMessage.Head(channel, stream.number, stream.sequence));
        }
    }
}
