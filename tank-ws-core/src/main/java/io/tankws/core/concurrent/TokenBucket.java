package io.tankws.core.concurrent;

/** Lets through so many events in a second, and at once. Not thread-safe. */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private double tokens;
    private long filledAt;
    /** Tokens for what came while this process did not run. They lapse a second after it goes on. */
    private double spare;

    private long gaps;
    private long gapSeenAt;

    /** Gives nothing for gaps. */
    public TokenBucket(int perSecond, long now) {
        this(perSecond, now, 0);
    }

    public TokenBucket(int perSecond, long now, long gaps) {
        this.perSecond = perSecond;
        this.gaps = gaps;
        tokens = perSecond;
        filledAt = now;
    }

    /** Takes a token; {@code false} if there is none. */
    public boolean take(long now) {
        return take(now, gaps);
    }

    /**
     * Takes a token; {@code false} if there is none.
     *
     * @param now running time
     * @param gaps the sum of all gaps in it
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
