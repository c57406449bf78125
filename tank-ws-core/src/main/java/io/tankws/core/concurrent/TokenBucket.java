package io.tankws.core.concurrent;

/** A token bucket: a number of events per second, and the same number at once. Not thread-safe. */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private double tokens;
    private long filledAt;
    /**
     * Tokens for messages that arrived while the process was suspended. They expire one second after it has resumed.
     */
    private double spare;

    private long gaps;
    private long gapSeenAt;

    /** Creates a bucket without tokens for suspensions. */
    public TokenBucket(int perSecond, long now) {
        this(perSecond, now, 0);
    }

    public TokenBucket(int perSecond, long now, long gaps) {
        this.perSecond = perSecond;
        this.gaps = gaps;
        tokens = perSecond;
        filledAt = now;
    }

    /** Takes a token. Returns {@code false} if there is none. */
    public boolean take(long now) {
        return take(now, gaps);
    }

    /**
     * Takes a token. Returns {@code false} if there is none.
     *
     * @param now running time in nanoseconds
     * @param gaps total duration of the suspensions in nanoseconds
     */
    public boolean take(long now, long gaps) {
        tokens = Math.min(perSecond, tokens + (now - filledAt) / NANOS_PER_SECOND * perSecond);
        filledAt = now;
        if (gaps != this.gaps) {
            spare += (gaps - this.gaps) / NANOS_PER_SECOND * perSecond;
            this.gaps = gaps;
            gapSeenAt = now;
        } else if (now - gapSeenAt > NANOS_PER_SECOND) {
            spare = 0;
        }
        if (tokens >= 1) {
            tokens--;
        } else if (spare >= 1) {
            spare--;
        } else {
            return false;
        }
        return true;
    }
}
