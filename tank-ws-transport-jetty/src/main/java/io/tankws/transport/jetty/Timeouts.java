package io.tankws.transport.jetty;

import java.time.Duration;

/** Keeps a timeout that means "never" from overflowing nanoseconds. */
final class Timeouts {
    private static final Duration LONGEST = Duration.ofDays(1);

    private Timeouts() {}

    static Duration bounded(Duration timeout) {
        return timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    }
}
