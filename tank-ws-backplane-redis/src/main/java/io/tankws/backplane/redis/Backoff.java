package io.tankws.backplane.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: twice as long each time, and by chance, so that nodes do not come in step. */
final class Backoff {
    private static final long FIRST = Duration.ofMillis(50).toNanos();
    private static final long LONGEST = Duration.ofSeconds(2).toNanos();

    private int attempts;

    void reset() {
        attempts = 0;
    }

    /** Nanoseconds, from half to the whole of what doubles. */
    long next() {
        long ceiling = Math.min(LONGEST, FIRST << Math.min(attempts, 16));
        attempts++;
        return ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1);
    }
}
