package io.tankws.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A carrier of bytes between the nodes of a cluster, on channels that are named by any text. Every subscriber of a
 * channel, including the publisher, receives each message at most once, and all subscribers receive the messages of a
 * channel in the same order.
 *
 * <p>A backplane knows nothing about messages, topics or clients. It connects on its own, reconnects after every
 * failure with backoff and jitter, and then restores its subscriptions. No method blocks except {@link #close}; all
 * methods are safe for use by several threads. Messages that one thread publishes, or several threads under a common
 * lock, are sent in that order. No exception contains a credential or text of the server.
 *
 * <p>No method except {@link #close} calls the listener, runs a callback or completes a stage that was returned
 * before, so a caller may hold locks. An implementation holds no lock that a method of this interface takes while it
 * calls the listener, runs a callback or completes a stage.
 *
 * <p>Implemented by backplanes.
 */
public interface Backplane {
    /**
     * Starts to connect. Called once, before any other method.
     *
     * @param listener receives messages and state changes
     */
    void start(BackplaneListener listener);

    /**
     * Publishes a message. The backplane never sends it a second time, because the first attempt may have arrived.
     *
     * @param channel the channel
     * @param message owned by the backplane; the caller no longer changes it
     * @return a stage that completes when the backplane has the message, or fails with an
     *     {@link io.tankws.BackplaneException}: {@code UNREACHABLE} if the message was not sent, {@code REFUSED} if
     *     it was sent and rejected, {@code UNCERTAIN} otherwise. There is no time limit, but every stage completes
     */
    CompletionStage<Void> publish(String channel, byte[] message);

    /**
     * Subscribes to a channel. The subscription is restored after each reconnection.
     *
     * @param channel the channel
     * @param onSubscribed runs when the subscription is active, so that messages published afterwards are delivered;
     *     and again after each reconnection, until the channel is unsubscribed. Runs on the thread and in the order
     *     of the calls to the {@link BackplaneListener}; extra runs are harmless. If the channel is subscribed
     *     already, this callback replaces the earlier one, and runs too
     */
    void subscribe(String channel, Runnable onSubscribed);

    /**
     * Unsubscribes from a channel. Nothing happens if the channel is not subscribed.
     *
     * @param channel the channel
     */
    void unsubscribe(String channel);

    /**
     * Publishes the counts of this node for {@link #sumAcrossOtherNodes}. Replaces all counts published before.
     *
     * @param counts the counts by name; a name may be any text, including the empty text
     * @param ttl the time after which the counts disappear unless they are published again
     * @return a stage that completes when the backplane has the counts, or fails like {@link #publish}
     */
    CompletionStage<Void> publishCounts(Map<String, Long> counts, Duration ttl);

    /**
     * Sums the counts that the other nodes have published under a name and that have not expired.
     *
     * @param name the name of a count
     * @return a stage that completes with the sum, 0 if there are no counts, or fails like {@link #publish}
     */
    CompletionStage<Long> sumAcrossOtherNodes(String name);

    /**
     * Returns the other nodes that have published counts which have not expired.
     *
     * @return a stage that completes with the {@linkplain BackplaneConfig#node() ids} of the nodes, or fails like
     *     {@link #publish}
     */
    CompletionStage<Set<String>> otherNodes();

    /**
     * Returns the store of the histories that the nodes of the cluster share.
     *
     * @return the same store at each call; empty if this backplane carries messages only
     */
    default Optional<SharedHistoryStore> history() {
        return Optional.empty();
    }

    /**
     * Removes the counts of this node if the backplane is available, and closes all connections. When this method
     * returns, connections and threads are closed, unanswered messages have failed, and the listener is not called
     * any more.
     *
     * <p>A call by the listener, a callback or a dependent action of a stage returns at once, and the backplane
     * closes when that call has returned.
     *
     * @param timeout the maximum time
     */
    void close(Duration timeout);
}
