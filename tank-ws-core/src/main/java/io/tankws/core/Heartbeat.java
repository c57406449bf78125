package io.tankws.core;

import java.time.Duration;

/** How often to ping and how much silence to bear after it, in nanoseconds. */
record Heartbeat(long interval, long timeout) {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    static Heartbeat of(Duration interval, Duration timeout) {
        if (interval.compareTo(SHORTEST) < 0 || timeout.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("a heartbeat's interval and timeout are at least 10 ms");
        }
        return new Heartbeat(interval.toNanos(), timeout.toNanos());
    }
}
