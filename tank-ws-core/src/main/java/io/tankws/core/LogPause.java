package io.tankws.core;

import java.time.Duration;

/** Keeps a log line from being repeated within a minute. Safe for use by several threads. */
final class LogPause {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private boolean logged;
    /** When the line was logged last, by {@link System#nanoTime()}. */
    private long loggedAt;

    /** Returns whether the line may be logged now. If so, the pause begins. */
    synchronized boolean isOver() {
        long now = System.nanoTime();
        boolean over = !logged || now - loggedAt >= PAUSE;
        if (over) {
            logged = true;
            loggedAt = now;
        }
        return over;
    }
}
