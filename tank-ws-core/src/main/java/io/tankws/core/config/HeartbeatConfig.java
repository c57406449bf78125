package io.tankws.core.config;

import io.tankws.Limits;
import java.time.Duration;

/** The interval of pings and the allowed silence after a ping, in nanoseconds. */
public record HeartbeatConfig(long interval, long timeout) {
    private static final Duration MIN_TIME = Duration.ofMillis(10);

    public static HeartbeatConfig of(Duration interval, Duration timeout) {
        return new HeartbeatConfig(checked(interval), checked(timeout));
    }

    private static long checked(Duration time) {
        if (time.compareTo(MIN_TIME) < 0 || time.compareTo(Limits.MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    "each time of a heartbeat must be from 10 ms to 365 days, but was " + time);
        }
        return time.toNanos();
    }
}
