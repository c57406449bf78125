package io.tankws.benchmarks.load;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that publishes at a fixed rate, independently of deliveries. A selector would wake up too late, because its
 * timeouts are milliseconds and it also reads. A message that is sent late still contains its due time.
 */
final class RatePublisher {
    private static final long FULL_NANOS = 1_000_000;

    private final Publisher publisher;
    private final double interval;
    private final Thread thread = new Thread(this::run, "pacer");
    private volatile boolean stopped;

    private RatePublisher(Publisher publisher, double rate) {
        this.publisher = publisher;
        interval = 1e9 / rate;
    }

    static RatePublisher start(Publisher publisher, double rate) {
        RatePublisher pacer = new RatePublisher(publisher, rate);
        pacer.thread.start();
        return pacer;
    }

    private void run() {
        long start = System.nanoTime();
        long count = 0;
        try {
            while (!stopped) {
                long now = System.nanoTime();
                long before = count;
                while (start + (long) (count * interval) <= now
                        && publisher.publish(start + (long) (count * interval))) {
                    count++;
                }
                if (count > before) {
                    publisher.flush();
                }
                long due = start + (long) (count * interval);
                LockSupport.parkNanos(due > now ? due - System.nanoTime() : FULL_NANOS);
            }
        } catch (IOException e) {
            // The selecting thread detects this on its own.
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
