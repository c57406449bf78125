package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private static long taken(TokenBucket bucket, int wanted, long now) {
        return IntStream.range(0, wanted).filter(i -> bucket.take(now, 0)).count();
    }

    @Test
    void holdsASecondsWorth() {
        TokenBucket bucket = new TokenBucket(10, 0, 0);
        assertEquals(10, taken(bucket, 11, 0));
        assertEquals(0, taken(bucket, 1, SECOND / 10 - 1));
        assertEquals(1, taken(bucket, 2, SECOND / 10));
        assertEquals(5, taken(bucket, 20, SECOND / 10 + SECOND / 2));
        assertEquals(10, taken(bucket, 20, 100 * SECOND));
    }

    @Test
    void letsASteadyRateThroughForEver() {
        TokenBucket bucket = new TokenBucket(3, 0, 0);
        for (long i = 1; i <= 100_000; i++) {
            assertEquals(1, taken(bucket, 1, i * SECOND / 3 + 1));
        }
    }

    /** Messages that a peer has sent while this process was stopped arrive all at once. */
    @Test
    void aGapGivesTokensForTheMessagesOfThatTime() {
        TokenBucket bucket = new TokenBucket(10, 0, 0);
        long second = 1_000_000_000;
        for (int i = 0; i < 10 + 13 * 10; i++) {
            assertTrue(bucket.take(1, 13 * second));
        }
        assertFalse(bucket.take(1, 13 * second));
    }

    @Test
    void tokensOfAGapLapse() {
        TokenBucket bucket = new TokenBucket(10, 0, 0);
        long second = 1_000_000_000;
        assertTrue(bucket.take(0, 13 * second));
        for (int i = 0; i < 10; i++) {
            assertTrue(bucket.take(2 * second, 13 * second));
        }
        assertFalse(bucket.take(2 * second, 13 * second));
    }
}
