package io.tankws.core.config;

import java.time.Duration;

/** The interval of pings and the allowed silence after a ping, in nanoseconds. */
public record HeartbeatConfig(long interval, long timeout) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(365);

    public static HeartbeatConfig of(Duration interval, Duration timeout) {
        return new HeartbeatConfig(checked(interval), checked(timeout));
    }

    private static long checked(Duration time) {
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a heartbeat's times are within 10 ms and a year, not " + time);
        }
        return time.toNanos();
    }
}
