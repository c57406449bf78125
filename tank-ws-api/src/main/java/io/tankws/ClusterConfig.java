package io.tankws;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** The cluster that a {@link Manager} is a node of, with its backplane and its limits. Immutable. */
public final class ClusterConfig {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.+");
    private static final Duration MAX_DURATION = Duration.ofMinutes(1);

    private final String name;
    private final String uri;
    private final OutagePolicy outagePolicy;
    private final Duration publishTimeout;
    private final int pendingMessages;
    private final long pendingBytes;
    private final Duration unsubscribeGrace;
    private final int maxStreams;

    private ClusterConfig(Builder builder) {
        name = builder.name;
        uri = builder.uri;
        outagePolicy = builder.outagePolicy;
        publishTimeout = checked("publishTimeout", builder.publishTimeout);
        pendingMessages = (int) checked("pendingMessages", builder.pendingMessages);
        pendingBytes = checked("pendingBytes", builder.pendingBytes);
        unsubscribeGrace = checked("unsubscribeGrace", builder.unsubscribeGrace);
        maxStreams = (int) checked("maxStreams", builder.maxStreams);
    }

    private static long checked(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
        return value;
    }

    private static Duration checked(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most 1 minute, but was " + value);
        }
        return value;
    }

    /**
     * Creates the configuration of a cluster with the defaults of {@link Builder}.
     *
     * @param name as for {@link #builder}
     * @param uri as for {@link #builder}
     * @return a configuration
     * @throws IllegalArgumentException if the name is malformed, or the URI has no scheme
     */
    public static ClusterConfig of(String name, String uri) {
        return builder(name, uri).build();
    }

    /**
     * Returns a builder that starts from the defaults.
     *
     * @param name the name that the nodes of one cluster share: 1 to 64 letters, digits, dots, hyphens and underscores.
     *     Clusters of different names on one backplane exchange no messages
     * @param uri the location of the backplane; its scheme chooses the backplane, for instance
     *     {@code redis://user:password@host:6379/0}
     * @return a builder
     * @throws IllegalArgumentException if the name is malformed, or the URI has no scheme
     */
    public static Builder builder(String name, String uri) {
        return new Builder(name, uri);
    }

    /** {@return a builder that starts from this configuration} */
    public Builder toBuilder() {
        Builder builder = new Builder(name, uri);
        builder.outagePolicy = outagePolicy;
        builder.publishTimeout = publishTimeout;
        builder.pendingMessages = pendingMessages;
        builder.pendingBytes = pendingBytes;
        builder.unsubscribeGrace = unsubscribeGrace;
        builder.maxStreams = maxStreams;
        return builder;
    }

    /** {@return the name that the nodes of the cluster share} */
    public String name() {
        return name;
    }

    /** {@return the location of the backplane, which may hold a password} */
    public String uri() {
        return uri;
    }

    /** {@return the scheme of the URI in lower case, which chooses the backplane} */
    public String scheme() {
        return uri.substring(0, uri.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    /** {@return the policy for messages during an outage; see {@link Builder#outagePolicy}} */
    public OutagePolicy outagePolicy() {
        return outagePolicy;
    }

    /** {@return the maximum time of a publish; see {@link Builder#publishTimeout}} */
    public Duration publishTimeout() {
        return publishTimeout;
    }

    /** {@return the maximum number of pending messages; see {@link Builder#pendingMessages}} */
    public int pendingMessages() {
        return pendingMessages;
    }

    /** {@return the maximum size of pending messages in bytes; see {@link Builder#pendingBytes}} */
    public long pendingBytes() {
        return pendingBytes;
    }

    /** {@return the time for which an unused topic stays subscribed; see {@link Builder#unsubscribeGrace}} */
    public Duration unsubscribeGrace() {
        return unsubscribeGrace;
    }

    /** {@return the maximum number of topics with a message count; see {@link Builder#maxStreams}} */
    public int maxStreams() {
        return maxStreams;
    }

    /** Returns the name and the scheme, without the URI, which may hold a password. */
    @Override
    public String toString() {
        return "ClusterConfig[" + name + " by " + scheme() + "]";
    }

    /** Collects the settings of a cluster. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String uri;
        private OutagePolicy outagePolicy = OutagePolicy.FAIL;
        private Duration publishTimeout = Duration.ofSeconds(1);
        private int pendingMessages = 16 * 1024;
        private long pendingBytes = 16 * 1024 * 1024;
        private Duration unsubscribeGrace = Duration.ofSeconds(2);
        private int maxStreams = 64 * 1024;

        private Builder(String name, String uri) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a cluster must have 1 to 64 letters, digits, dots, hyphens and underscores");
            }
            if (!URI.matcher(uri).matches()) {
                // The text does not repeat the URI, which may hold a password.
                throw new IllegalArgumentException(
                        "the URI of a cluster must begin with a scheme, such as redis://127.0.0.1:6379");
            }
            this.name = name;
            this.uri = uri;
        }

        /**
         * Configures what happens to messages during an outage of the backplane. The default is {@link
         * OutagePolicy#FAIL}.
         *
         * @param policy the policy
         * @return this
         */
        public Builder outagePolicy(OutagePolicy policy) {
            outagePolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Configures how long the backplane may take to confirm a message. The default is 1 second. When the time is
         * over, the stage of the publish fails.
         *
         * @param timeout positive, at most 1 minute
         * @return this
         */
        public Builder publishTimeout(Duration timeout) {
            publishTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Configures how many messages and commands may wait for the confirmation of the backplane, together with the
         * dependent actions of their stages that have not run. The default is 16384. When that many wait, further
         * messages fail.
         *
         * @param messages a positive number
         * @return this
         */
        public Builder pendingMessages(int messages) {
            pendingMessages = messages;
            return this;
        }

        /**
         * Configures how many bytes the {@link #pendingMessages} may have in total. The default is 16 MiB. When that
         * many wait, further messages fail.
         *
         * @param bytes a positive number of bytes
         * @return this
         */
        public Builder pendingBytes(long bytes) {
            pendingBytes = bytes;
            return this;
        }

        /**
         * Configures how long the node stays subscribed to a topic at the backplane after its last local subscriber has
         * unsubscribed. The default is 2 seconds. When the time is over, the node unsubscribes.
         *
         * @param grace positive, at most 1 minute
         * @return this
         */
        public Builder unsubscribeGrace(Duration grace) {
            unsubscribeGrace = Objects.requireNonNull(grace, "grace");
            return this;
        }

        /**
         * Configures for how many topics a node remembers the number of messages that it has published. The default
         * is 65536. A further topic replaces the topic with the oldest last message. The other nodes can then not
         * detect that they have missed the last messages of the replaced topic.
         *
         * @param streams a positive number
         * @return this
         */
        public Builder maxStreams(int streams) {
            maxStreams = streams;
            return this;
        }

        /**
         * Creates the configuration.
         *
         * @return an immutable configuration
         * @throws IllegalArgumentException if a number or a duration is out of its range
         */
        public ClusterConfig build() {
            return new ClusterConfig(this);
        }
    }
}
