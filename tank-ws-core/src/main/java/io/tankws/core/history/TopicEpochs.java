package io.tankws.core.history;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The epochs that streams begin with. Topics share a table of fixed size by the hash of their names, so that a topic
 * without a stream has an epoch but claims no memory. When a stream ends, its entry gets a new random epoch. So a topic
 * never has the same epoch again, and a few topics that have published nothing get a new epoch too.
 *
 * <p>Not thread-safe.
 */
final class TopicEpochs {
    /** The number of entries. The more there are, the fewer topics get a new epoch when another stream ends. */
    static final int ENTRIES = 4096;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /** Letters of an epoch. 52 to the power of 12 is more than 2 to the power of 68. */
    private static final int LENGTH = 12;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Epochs by hash, {@code null} before the first use of an entry. Empty before the first use of the table. */
    private @Nullable String[] epochs = {};

    /** Returns the epoch of a topic without a stream, which a new stream of the topic takes. */
    String next(String topic) {
        if (epochs.length == 0) {
            epochs = new String[ENTRIES];
        }
        int entry = entry(topic);
        String epoch = epochs[entry];
        if (epoch == null) {
            epoch = create();
            epochs[entry] = epoch;
        }
        return epoch;
    }

    /** Replaces the epoch of a topic after the end of its stream. */
    void renew(String topic) {
        if (epochs.length > 0) {
            epochs[entry(topic)] = null;
        }
    }

    private static int entry(String topic) {
        int hash = topic.hashCode();
        return (hash ^ hash >>> 16) & ENTRIES - 1;
    }

    private String create() {
        char[] letters = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            letters[i] = LETTERS.charAt(RANDOM.nextInt(LETTERS.length()));
        }
        return new String(letters);
    }
}
