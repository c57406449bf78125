package io.tankws.core.concurrent;

import java.time.Instant;

/** Conversion of points in time to nanoseconds since 1970, which need no object. Valid until the year 2262. */
public final class EpochNanos {
    private static final long NANOS = 1_000_000_000;

    private EpochNanos() {}

    public static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS + now.getNano();
    }

    public static Instant instant(long moment) {
        return Instant.ofEpochSecond(0, moment);
    }
}
