package io.tankws.benchmarks.cluster;

import io.tankws.benchmarks.load.Payload;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that publishes numbered messages to one topic until it is stopped. Each message contains the time of its
 * publish by {@link System#nanoTime()}. On Linux this is CLOCK_MONOTONIC, which is the same for all processes of the
 * machine, so a receiver in another JVM can compute the latency.
 */
final class NodePublishing {
    private static final long LATE_NANOS = 1_000_000;
    private static final long MAX_PARK_NANOS = 10_000_000;
    private static final long ANSWER_NANOS = 5_000_000_000L;

    private final PublishPath way;
    private final String topic;
    private final Payload payload;
    private final int window;
    private final double interval;
    private final Thread thread;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile long seen;
    private volatile long published;
    private volatile boolean waiting;
    private volatile boolean stopped;

    /**
     * Creates the thread. One of window and rate is 0.
     *
     * @param window maximum number of messages in flight, to Redis or from Redis to a client
     * @param rate messages per second, independently of deliveries
     */
    NodePublishing(PublishPath way, String topic, int size, int window, double rate) {
        this.way = way;
        this.topic = topic;
        this.window = window;
        payload = new Payload(size);
        interval = 1e9 / rate;
        thread = new Thread(rate > 0 ? this::pace : this::loop, "publisher");
    }

    void start() {
        thread.start();
    }

    /** Maximum number of messages between two reports of a receiver. */
    int step() {
        return step(window);
    }

    /** Returns an eighth of the window, so that reports cost little and the publisher does not wait for them. */
    static int step(int window) {
        return Math.max(1, window / 8);
    }

    private void loop() {
        while (!stopped) {
            if (inFlight() < window) {
                publish(System.nanoTime());
            } else {
                awaitRoom();
            }
        }
    }

    private void awaitRoom() {
        waiting = true;
        while (!stopped && isFull()) {
            LockSupport.parkNanos(MAX_PARK_NANOS);
        }
        waiting = false;
    }

    private boolean isFull() {
        return inFlight() > window - step();
    }

    private long inFlight() {
        return published - Math.min(seen, answered.get());
    }

    private void pace() {
        long start = System.nanoTime();
        for (long count = 0; !stopped; count++) {
            long due = start + (long) (count * interval);
            long now = System.nanoTime();
            while (now < due && !stopped) {
                LockSupport.parkNanos(due - now);
                now = System.nanoTime();
            }
            // A late wake-up of this thread is not latency of a message, but a pause of the whole process is.
            publish(now - due > LATE_NANOS ? due : now);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private void publish(long due) {
        CompletionStage<?> stage = way.publish(topic, payload.stamp(published, due));
        published = published + 1;
        stage.whenComplete((nothing, error) -> {
            if (error != null) {
                failed.incrementAndGet();
            }
            answered.incrementAndGet();
            wake();
        });
    }

    /** Records how many messages have reached all receivers. */
    void seen(long count) {
        seen = count;
        wake();
    }

    private void wake() {
        if (waiting && !isFull()) {
            LockSupport.unpark(thread);
        }
    }

    /** Stops the thread and waits for the messages in flight to Redis. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
            long deadline = System.nanoTime() + ANSWER_NANOS;
            while (answered.get() < published && System.nanoTime() - deadline < 0) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long published() {
        return published;
    }

    /** Returns the number of failed publishes, which after the stop includes those without an answer. */
    long failed() {
        return failed.get() + (stopped ? published - answered.get() : 0);
    }
}
