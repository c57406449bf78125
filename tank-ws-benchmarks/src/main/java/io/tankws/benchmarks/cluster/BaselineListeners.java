package io.tankws.benchmarks.cluster;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.tankws.benchmarks.load.Histogram;
import io.tankws.benchmarks.load.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The messages received on several plain Lettuce connections. One thread reads each connection, and may read several.
 */
final class BaselineListeners {
    private final int receivers;
    private final NodePublishing publishing;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private final Histogram histogram = new Histogram();
    private long recordedFrom = Long.MAX_VALUE;

    /** Creates listeners. {@code publishing} is {@code null} if another process publishes. */
    BaselineListeners(int receivers, NodePublishing publishing) {
        this.receivers = receivers;
        this.publishing = publishing;
    }

    /** A listener that counts messages. The first one also measures their latency. */
    RedisPubSubListener<byte[], byte[]> listener(int index) {
        return new RedisPubSubAdapter<>() {
            private long next;

            @Override
            public void message(byte[] channel, byte[] message) {
                long now = System.nanoTime();
                long sequence = Payload.sequence(message, 0);
                if (sequence != next) {
                    faults.incrementAndGet();
                }
                next = sequence + 1;
                if (index == 0) {
                    record(now, Payload.due(message, 0));
                }
                long all = received.incrementAndGet();
                if (publishing != null && all % ((long) receivers * publishing.step()) == 0) {
                    publishing.seen(all / receivers);
                }
            }
        };
    }

    static RedisPubSubListener<byte[], byte[]> relay(Consumer<byte[]> to) {
        return new RedisPubSubAdapter<>() {
            @Override
            public void message(byte[] channel, byte[] message) {
                to.accept(message);
            }
        };
    }

    private synchronized void record(long now, long due) {
        if (now >= recordedFrom) {
            histogram.record(now - due);
        }
    }

    /** Starts to measure the latency of messages. */
    synchronized void startRecording() {
        recordedFrom = System.nanoTime();
    }

    synchronized Map<String, Number> figures() {
        Map<String, Number> figures = new HashMap<>();
        figures.put("heard", received.get());
        figures.put("listener_faults", faults.get());
        if (histogram.count() > 0) {
            figures.put("p50_ms", histogram.millis(0.5));
            figures.put("p99_ms", histogram.millis(0.99));
        }
        return figures;
    }
}
