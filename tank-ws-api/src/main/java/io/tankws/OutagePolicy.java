package io.tankws;

import java.time.Duration;
import java.util.Objects;

/**
 * The treatment of messages that are published while the backplane of a {@link ClusterConfig} is unavailable.
 * Messages that are unconfirmed when the connection breaks fail under each policy: the backplane may have them, and
 * nothing arrives twice.
 *
 * <p>Not to be implemented by applications; policies may be added.
 */
public sealed interface OutagePolicy {
    /** Messages fail at once. The default. */
    OutagePolicy FAIL = new Fail();

    /**
     * Messages are delivered to the clients of this node only, and counted in
     * {@link ClusterHealth#deliveredLocally()}. Commands to other nodes fail.
     */
    OutagePolicy LOCAL_ONLY = new LocalOnly();

    /**
     * Returns a policy that buffers messages until the backplane is available.
     *
     * @param messages the maximum number of buffered messages, at least 1; more fail
     * @param bytes the maximum size of all buffered messages in bytes, at least 1; more fail
     * @param age the maximum time that a message is buffered, up to a day; older messages fail
     * @return the policy
     * @throws IllegalArgumentException if a bound is out of range
     */
    static OutagePolicy buffer(int messages, long bytes, Duration age) {
        return new Buffer(messages, bytes, age);
    }

    /** The policy {@link #FAIL}. */
    record Fail() implements OutagePolicy {}

    /** The policy {@link #LOCAL_ONLY}. */
    record LocalOnly() implements OutagePolicy {}

    /**
     * A policy that buffers messages in their order until the backplane is available, and 3 seconds more, or half
     * their maximum age if that is shorter, in which the other nodes reconnect too.
     *
     * @param messages the maximum number of buffered messages, at least 1; more fail
     * @param bytes the maximum size of all buffered messages in bytes, at least 1; more fail
     * @param age the maximum time that a message is buffered, up to a day; older messages fail
     */
    record Buffer(int messages, long bytes, Duration age) implements OutagePolicy {
        private static final Duration MAX_AGE = Duration.ofDays(1);

        /**
         * Creates a policy from its bounds.
         *
         * @param messages at least 1
         * @param bytes at least 1
         * @param age above zero, up to a day
         * @throws IllegalArgumentException if a bound is out of range
         */
        public Buffer {
            requirePositive("messages of an outage buffer", messages);
            requirePositive("bytes of an outage buffer", bytes);
            if (Objects.requireNonNull(age, "age").isNegative() || age.isZero() || age.compareTo(MAX_AGE) > 0) {
                throw new IllegalArgumentException(
                        "the age of an outage buffer must be above zero and at most a day, but was " + age);
            }
        }

        private static void requirePositive(String name, long value) {
            if (value < 1) {
                throw new IllegalArgumentException("the " + name + " must be at least 1, but was " + value);
            }
        }
    }
}
