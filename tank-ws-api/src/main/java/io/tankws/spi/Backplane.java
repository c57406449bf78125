package io.tankws.spi;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Carries bytes between the nodes of a cluster, on channels that are named by any text: whoever is subscribed to a channel,
 * the publisher included, gets what is published there, at most once, and all get it in the same order.
 *
 * <p>Knows nothing of messages, topics or clients. Connects by itself and again after every failure, with backoff and
 * jitter, and then subscribes again to what it was told to. No method blocks but {@link #close}; all are safe for use by
 * several threads. No exception of it holds a credential or text of the other side. What a
 * thread publishes, or several under a common lock, goes out in that order.
 *
 * <p>No method but {@link #close} calls the listener, runs a callback or completes a stage that was returned before, so a
 * caller may hold locks of its own. An implementation holds no lock that a method of this interface takes while it calls
 * the listener, runs a callback or completes a stage.
 */
public interface Backplane {
    /**
     * Begins to connect; called once, before anything else.
     *
     * @param listener is told what happens from now on
     */
    void start(BackplaneListener listener);

    /**
     * Publishes. Never tried a second time: it may have arrived the first time.
     *
     * @param channel where
     * @param message handed over: nobody changes it any more
     * @return completes when the backplane has it, or fails with a {@code BackplaneException}: {@code UNREACHABLE} if it has
     *     not been sent, {@code REFUSED} if it has been and was rejected, {@code UNCERTAIN} otherwise. May take its time, but
     *     is never forgotten
     */
    CompletionStage<Void> publish(String channel, byte[] message);

    /**
     * Wants what is published on a channel from soon on, also after each reconnection.
     *
     * @param channel which
     * @param heard is run when it has begun, so what is published from then on comes; and once more after each
     *     reconnection, until the channel is wanted no more. On the thread and in the order of the calls to the
     *     {@link BackplaneListener}; runs that are not needed do no harm. If the channel is wanted already, this takes the
     *     place of what was given then, and is run too.
     */
    void subscribe(String channel, Runnable heard);

    /**
     * Wants it no more. Nothing happens if it is not wanted.
     *
     * @param channel which
     */
    void unsubscribe(String channel);

    /**
     * Leaves this node's figures where others find them; replaces all that were left before.
     *
     * @param figures by name, which may be any text, also empty
     * @param time after which they disappear unless left anew
     * @return completes when the backplane has them, or fails as {@link #publish}
     */
    CompletionStage<Void> publishCounts(Map<String, Long> figures, Duration time);

    /**
     * Adds up what the other nodes have left under a name, and not let lapse.
     *
     * @param figure the name
     * @return completes with the sum, 0 if there is nothing, or fails as {@link #publish}
     */
    CompletionStage<Long> sumAcrossOtherNodes(String figure);

    /**
     * Takes back this node's figures, if the backplane can be reached, and ends. When it returns, connections and threads
     * are gone, what had not been answered has failed, and the listener is not called any more.
     *
     * <p>Called by the listener, by a callback or by a dependent action of a stage, it returns at once: the backplane
     * ends when that call has returned.
     *
     * @param timeout how long that may take
     */
    void close(Duration timeout);
}
