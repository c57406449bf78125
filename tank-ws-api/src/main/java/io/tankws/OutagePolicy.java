package io.tankws;

import java.time.Duration;
import java.util.Objects;

/**
 * What happens to messages that are published while the backplane of a {@link ClusterConfig} is down. Messages that were on
 * their way when it went down fail under each policy: the backplane may have them or not, and nothing arrives twice.
 *
 * @param kind what happens
 * @param messages most that wait, 0 unless they are buffered
 * @param bytes most that they may have together, 0 unless they are buffered
 * @param age how long one waits at most, zero unless they are buffered
 */
public record OutagePolicy(Kind kind, int messages, long bytes, Duration age) {
    /** The kinds of policy. */
    public enum Kind {
        /** They fail at once. */
        FAIL,
        /** This node's clients get them, and no others; counted in {@link ClusterHealth#deliveredLocally()}. */
        LOCAL_ONLY,
        /**
         * They wait for its return, in their order, and 3 s more, or half their age, in which the other nodes return too; what is
         * too much or too old fails.
         */
        BUFFER
    }

    /** They fail at once: the default. */
    public static final OutagePolicy FAIL = new OutagePolicy(Kind.FAIL, 0, 0, Duration.ZERO);

    /** This node's clients get them, and no others; what other nodes are asked to do fails. */
    public static final OutagePolicy LOCAL_ONLY = new OutagePolicy(Kind.LOCAL_ONLY, 0, 0, Duration.ZERO);

    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Checks.
     *
     * @param kind {@link #kind()}
     * @param messages {@link #messages()}
     * @param bytes {@link #bytes()}
     * @param age {@link #age()}
     * @throws IllegalArgumentException if a buffer is not bounded by positive numbers and a day, or something else is bounded
     */
    public OutagePolicy {
        Objects.requireNonNull(age, "age");
        boolean bounded =
                messages > 0 && bytes > 0 && !age.isZero() && !age.isNegative() && age.compareTo(LONGEST) <= 0;
        boolean unbounded = messages == 0 && bytes == 0 && age.isZero();
        if (Objects.requireNonNull(kind, "kind") == Kind.BUFFER ? !bounded : !unbounded) {
            throw new IllegalArgumentException(
                    "a buffer has positive bounds, the age at most a day; nothing else has any");
        }
    }

    /**
     * Has them wait for the backplane's return.
     *
     * @param messages most that wait
     * @param bytes most that they may have together
     * @param age how long one waits at most, up to a day
     * @return the policy
     * @throws IllegalArgumentException if a bound is not positive, or the age above a day
     */
    public static OutagePolicy buffer(int messages, long bytes, Duration age) {
        return new OutagePolicy(Kind.BUFFER, messages, bytes, age);
    }
}
