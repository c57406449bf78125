package io.tankws;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which cluster a {@link Manager} is a node of, by which backplane, and every bound of that. Immutable.
 *
 * @param name what the nodes of one cluster share: 1 to 64 letters, digits, dots, hyphens and underscores. Clusters of
 *     different names do not hear each other
 * @param uri where the backplane is; its scheme chooses the backplane, for instance
 *     {@code redis://user:password@host:6379/0}
 * @param outagePolicy what happens to messages while the backplane is down: {@link OutagePolicy#FAIL}
 * @param publishTimeout how long the backplane may take to take a message: 1 s; after it, the stage fails
 * @param pendingMessages messages and commands that may be on their way to it, and calls of what depends on their stages:
 *     16384; above it, messages fail
 * @param pendingBytes bytes that these may have together: 16 MiB; above it, they fail
 * @param unsubscribeGrace how long a topic is still heard after its last local subscriber has left: 2 s
 * @param maxStreams topics for which a node remembers how many messages it published: 65536; one more forgets the one that
 *     was published to least lately, of which the others then cannot tell whether they missed the last messages
 */
public record ClusterConfig(
        String name,
        String uri,
        OutagePolicy outagePolicy,
        Duration publishTimeout,
        int pendingMessages,
        long pendingBytes,
        Duration unsubscribeGrace,
        int maxStreams) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.+");
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /**
     * Checks.
     *
     * @param name {@link #name()}
     * @param uri {@link #uri()}
     * @param outagePolicy {@link #outagePolicy()}
     * @param publishTimeout {@link #publishTimeout()}, at most a minute
     * @param pendingMessages {@link #pendingMessages()}
     * @param pendingBytes {@link #pendingBytes()}
     * @param unsubscribeGrace {@link #unsubscribeGrace()}, at most a minute
     * @param maxStreams {@link #maxStreams()}
     * @throws IllegalArgumentException if the name is none, the URI has no scheme, or a bound is not positive
     */
    public ClusterConfig {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a cluster's name has 1 to 64 letters, digits, dots, hyphens and underscores");
        }
        if (!URI.matcher(uri).matches()) {
            // Not repeated: it may hold a password.
            throw new IllegalArgumentException("a cluster's URI begins with a scheme, such as redis://127.0.0.1:6379");
        }
        Objects.requireNonNull(outagePolicy, "outagePolicy");
        positive("publishTimeout", publishTimeout);
        positive("unsubscribeGrace", unsubscribeGrace);
        if (pendingMessages <= 0 || pendingBytes <= 0 || maxStreams <= 0) {
            throw new IllegalArgumentException("pendingMessages, pendingBytes and maxStreams must be positive");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most a minute, not " + value);
        }
    }

    /**
     * Starts from the defaults.
     *
     * @param name {@link #name()}
     * @param uri {@link #uri()}
     * @return a cluster
     * @throws IllegalArgumentException if the name is none, or the URI has no scheme
     */
    public static ClusterConfig of(String name, String uri) {
        return new ClusterConfig(
                name,
                uri,
                OutagePolicy.FAIL,
                Duration.ofSeconds(1),
                16 * 1024,
                16 * 1024 * 1024,
                Duration.ofSeconds(2),
                64 * 1024);
    }

    /**
     * Returns what chooses the backplane.
     *
     * @return the URI's scheme in lower case
     */
    public String scheme() {
        return uri.substring(0, uri.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    /**
     * Changes the outage policy.
     *
     * @param policy {@link #outagePolicy()}
     * @return a changed copy
     */
    public ClusterConfig withOutagePolicy(OutagePolicy policy) {
        return new ClusterConfig(
                name, uri, policy, publishTimeout, pendingMessages, pendingBytes, unsubscribeGrace, maxStreams);
    }

    /**
     * Changes how long the backplane may take.
     *
     * @param timeout {@link #publishTimeout()}
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive, or above a minute
     */
    public ClusterConfig withPublishTimeout(Duration timeout) {
        return new ClusterConfig(
                name, uri, outagePolicy, timeout, pendingMessages, pendingBytes, unsubscribeGrace, maxStreams);
    }

    /**
     * Changes how much may be on its way to the backplane.
     *
     * @param messages {@link #pendingMessages()}
     * @param bytes {@link #pendingBytes()}
     * @return a changed copy
     * @throws IllegalArgumentException if one is not positive
     */
    public ClusterConfig withPending(int messages, long bytes) {
        return new ClusterConfig(
                name, uri, outagePolicy, publishTimeout, messages, bytes, unsubscribeGrace, maxStreams);
    }

    /**
     * Changes how long a topic is still heard.
     *
     * @param grace {@link #unsubscribeGrace()}
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive, or above a minute
     */
    public ClusterConfig withUnsubscribeGrace(Duration grace) {
        return new ClusterConfig(
                name, uri, outagePolicy, publishTimeout, pendingMessages, pendingBytes, grace, maxStreams);
    }

    /**
     * Changes for how many topics a node remembers how many messages it published.
     *
     * @param streams {@link #maxStreams()}
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public ClusterConfig withMaxStreams(int streams) {
        return new ClusterConfig(
                name, uri, outagePolicy, publishTimeout, pendingMessages, pendingBytes, unsubscribeGrace, streams);
    }

    /** Names the cluster, never its URI, which may hold a password. */
    @Override
    public String toString() {
        return "Cluster[" + name + " by " + scheme() + "]";
    }
}
