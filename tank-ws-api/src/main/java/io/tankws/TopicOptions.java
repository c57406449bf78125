package io.tankws;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of a topic, which concern its history and its presence. Immutable and thread-safe. A
 * {@link TopicConfigurer} determines the options of each topic.
 */
public final class TopicOptions {
    /** The maximum of {@link Builder#historySize}. */
    public static final int MAX_HISTORY_SIZE = 1_000_000;

    /** The default of {@link Builder#historyBytes}, in bytes. */
    public static final long DEFAULT_HISTORY_BYTES = 1024 * 1024;

    /** The default of {@link Builder#historyTtl}. */
    public static final Duration DEFAULT_HISTORY_TTL = Duration.ofMinutes(5);

    /** The maximum of {@link Builder#leaveGrace}. */
    public static final Duration MAX_LEAVE_GRACE = Duration.ofMinutes(1);

    /** The options of a topic that remembers nothing. The default of every topic. */
    public static final TopicOptions NONE = builder().build();

    private final int historySize;
    private final long historyBytes;
    private final Duration historyTtl;
    private final boolean recoverable;
    private final boolean lastValue;
    private final boolean presence;
    private final boolean joinLeave;
    private final Duration leaveGrace;

    private TopicOptions(Builder builder) {
        historySize = builder.historySize;
        historyBytes = builder.historyBytes == null ? DEFAULT_HISTORY_BYTES : builder.historyBytes;
        historyTtl =
                builder.historyTtl == null ? DEFAULT_HISTORY_TTL : Limits.checked("historyTtl", builder.historyTtl);
        recoverable = builder.recoverable;
        lastValue = builder.lastValue;
        presence = builder.presence;
        joinLeave = builder.joinLeave;
        leaveGrace = builder.leaveGrace;
        if (historySize < 0 || historySize > MAX_HISTORY_SIZE) {
            throw new IllegalArgumentException(
                    "historySize must be 0 to " + MAX_HISTORY_SIZE + ", but was " + historySize);
        }
        if (historyBytes < 1) {
            throw new IllegalArgumentException("historyBytes must be positive, but was " + historyBytes);
        }
        if (historySize == 0) {
            rejectWithoutHistory("historyBytes", builder.historyBytes != null);
            rejectWithoutHistory("historyTtl", builder.historyTtl != null);
            rejectWithoutHistory("recoverable", recoverable);
            rejectWithoutHistory("lastValue", lastValue);
        }
        checkPresence();
    }

    private void checkPresence() {
        if (joinLeave && !presence) {
            throw new IllegalArgumentException("a topic with joinLeave must have presence");
        }
        if (leaveGrace.isNegative() || leaveGrace.compareTo(MAX_LEAVE_GRACE) > 0) {
            throw new IllegalArgumentException(
                    "leaveGrace must be 0 to " + MAX_LEAVE_GRACE.toSeconds() + " seconds, but was " + leaveGrace);
        }
        if (!leaveGrace.isZero() && !joinLeave) {
            throw new IllegalArgumentException("a topic with leaveGrace must have joinLeave");
        }
    }

    private static void rejectWithoutHistory(String option, boolean set) {
        if (set) {
            throw new IllegalArgumentException(
                    "historySize must be at least 1 for a topic with " + option + ", but was 0");
        }
    }

    /** {@return a builder that starts from {@link #NONE}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the number of publications that the history keeps; see {@link Builder#historySize}} */
    public int historySize() {
        return historySize;
    }

    /** {@return the payload bytes that the history keeps; see {@link Builder#historyBytes}} */
    public long historyBytes() {
        return historyBytes;
    }

    /** {@return the time after the last publication for which the history is kept; see {@link Builder#historyTtl}} */
    public Duration historyTtl() {
        return historyTtl;
    }

    /** {@return whether the topic keeps publications} */
    public boolean hasHistory() {
        return historySize > 0;
    }

    /** {@return whether subscribers may recover missed publications; see {@link Builder#recoverable}} */
    public boolean isRecoverable() {
        return recoverable;
    }

    /** {@return whether a new subscriber receives the last value; see {@link Builder#lastValue}} */
    public boolean hasLastValue() {
        return lastValue;
    }

    /** {@return whether the members of the topic can be listed; see {@link Builder#presence}} */
    public boolean hasPresence() {
        return presence;
    }

    /** {@return whether the topic has join and leave events; see {@link Builder#joinLeave}} */
    public boolean hasJoinLeave() {
        return joinLeave;
    }

    /** {@return the time for which a member stays after the end of its connection; see {@link Builder#leaveGrace}} */
    public Duration leaveGrace() {
        return leaveGrace;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicOptions options
                && historySize == options.historySize
                && historyBytes == options.historyBytes
                && historyTtl.equals(options.historyTtl)
                && recoverable == options.recoverable
                && lastValue == options.lastValue
                && presence == options.presence
                && joinLeave == options.joinLeave
                && leaveGrace.equals(options.leaveGrace);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                historySize, historyBytes, historyTtl, recoverable, lastValue, presence, joinLeave, leaveGrace);
    }

    /** Returns all options by name. */
    @Override
    public String toString() {
        return "TopicOptions[historySize=" + historySize + ", historyBytes=" + historyBytes + ", historyTtl="
                + historyTtl + ", recoverable=" + recoverable + ", lastValue=" + lastValue + ", presence="
                + presence + ", joinLeave=" + joinLeave + ", leaveGrace=" + leaveGrace + "]";
    }

    /** Collects the options of a topic. Not thread-safe. */
    public static final class Builder {
        private int historySize;
        /** The configured bytes, or {@code null} for the default. */
        private @Nullable Long historyBytes;
        /** The configured time, or {@code null} for the default. */
        private @Nullable Duration historyTtl;

        private boolean recoverable;
        private boolean lastValue;
        private boolean presence;
        private boolean joinLeave;
        private Duration leaveGrace = Duration.ZERO;

        private Builder() {}

        /**
         * Configures how many publications the history keeps. The default is 0, which means no history. When that
         * many are kept, each new publication removes the oldest one.
         *
         * @param publications 0 to {@link TopicOptions#MAX_HISTORY_SIZE}
         * @return this
         */
        public Builder historySize(int publications) {
            historySize = publications;
            return this;
        }

        /**
         * Configures how many bytes the payloads in the history have together. The default is
         * {@link TopicOptions#DEFAULT_HISTORY_BYTES}. When a new publication exceeds it, the oldest publications are
         * removed. A single payload that is larger is delivered, but not kept: the history is then empty.
         *
         * @param bytes a positive number; needs a {@link #historySize} of at least 1
         * @return this
         */
        public Builder historyBytes(long bytes) {
            historyBytes = bytes;
            return this;
        }

        /**
         * Configures for how long the history is kept after the last publication. The default is
         * {@link TopicOptions#DEFAULT_HISTORY_TTL}. When that time has passed without a publication, all publications
         * are removed. Epoch and offset continue.
         *
         * @param ttl positive, at most 365 days; needs a {@link #historySize} of at least 1
         * @return this
         */
        public Builder historyTtl(Duration ttl) {
            historyTtl = Objects.requireNonNull(ttl, "ttl");
            return this;
        }

        /**
         * Lets a subscriber that reconnects recover the publications that it missed. By default it cannot. Needs a
         * {@link #historySize} of at least 1.
         *
         * @return this
         */
        public Builder recoverable() {
            recoverable = true;
            return this;
        }

        /**
         * Sends the newest publication in the history to each new subscriber. By default a new subscriber receives
         * only later publications. Needs a {@link #historySize} of at least 1.
         *
         * @return this
         */
        public Builder lastValue() {
            lastValue = true;
            return this;
        }

        /**
         * Keeps the members of the topic, so that {@link PresenceView#presence} can list and count them. By default
         * they are not kept, and a subscription costs nothing for it.
         *
         * @return this
         */
        public Builder presence() {
            presence = true;
            return this;
        }

        /**
         * Publishes a {@link PresenceEvent} when a member joins or leaves the topic. By default there are none.
         * Clients of the plain protocol receive none. Needs {@link #presence}.
         *
         * @return this
         */
        public Builder joinLeave() {
            joinLeave = true;
            return this;
        }

        /**
         * Configures for how long a member stays present after its connection has ended. When a connection of the
         * same user subscribes to the topic on the same node within that time, it continues the member, with neither
         * a leave nor a join: this is how a page reload looks. The default is 0, so that a leave is never late. An
         * unsubscription and a revocation always end the member at once. Needs {@link #joinLeave}.
         *
         * <p>All topics of a manager together have at most {@link ManagerLimits#maxPendingLeaves()} such members. When
         * one more connection ends, the member that has waited longest leaves at once.
         *
         * @param grace 0 to {@link TopicOptions#MAX_LEAVE_GRACE}; a few seconds cover a page reload
         * @return this
         */
        public Builder leaveGrace(Duration grace) {
            leaveGrace = Objects.requireNonNull(grace, "grace");
            return this;
        }

        /**
         * Creates the options.
         *
         * @return immutable options
         * @throws IllegalArgumentException if an option is out of its range, or needs another option that is not
         *     set
         */
        public TopicOptions build() {
            return new TopicOptions(this);
        }
    }
}
