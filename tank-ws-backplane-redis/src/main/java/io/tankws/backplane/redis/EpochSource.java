package io.tankws.backplane.redis;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A source of epochs: random letters of this node, then a number. None occurs twice. Thread-safe. */
final class EpochSource {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /** Letters of a node. 52 to the power of 11 is more than 2 to the power of 62. */
    private static final int LENGTH = 11;

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    EpochSource() {
        SecureRandom random = new SecureRandom();
        StringBuilder letters = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        prefix = letters.toString();
    }

    byte[] next() {
        return RedisKeys.utf8(prefix + Long.toString(count.getAndIncrement(), Character.MAX_RADIX));
    }
}
