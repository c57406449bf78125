package io.tankws.spi;

import io.tankws.Publication;
import java.time.Duration;

/**
 * The receiver of messages and state changes of a {@link Backplane}. The calls come one at a time, in order, on a
 * thread of the backplane; no method may block. During a call, other threads may call every method of the backplane,
 * and these calls return: the backplane holds none of its locks.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface BackplaneListener {
    /**
     * The relation between a new connection to a backplane and the previous one; without meaning for the first
     * connection.
     */
    enum Continuity {
        /**
         * The backplane's server is the one of the previous {@link #onConnected}, or it started after that connection
         * was lost. Either this node was connected to the server until the loss, or the server had no messages before
         * it.
         */
        SAME_SERVER,

        /**
         * The backplane's server was already running, beside the one of the previous {@link #onConnected}. This node
         * may have been separated from other nodes since that call, although its messages returned.
         */
        DIFFERENT_SERVER
    }

    /**
     * Delivers a published message. Also called while disconnected, for channels that are still or already
     * subscribed.
     *
     * @param channel the channel
     * @param message owned by the listener
     */
    void onMessage(String channel, byte[] message);

    /**
     * Delivers a publication of a {@link SharedHistoryStore}. The calls of this method and of {@link #onMessage} for
     * one channel come in the order in which the server published. Also called while disconnected, as
     * {@link #onMessage}. By default, the publication is ignored.
     *
     * @param channel the channel
     * @param publication the publication; without a position if it was not kept
     * @param envelope the bytes that the publishing node has passed with it; owned by the listener
     */
    default void onPublication(String channel, Publication publication, byte[] envelope) {}

    /**
     * Notifies that all messages of one read have been delivered. Soon follows each {@link #onMessage} and
     * {@link #onPublication}.
     */
    void onReadComplete();

    /**
     * Notifies that the backplane is available: all requested channels are subscribed, and every connection has
     * recently returned what was sent through it.
     *
     * @param continuity the relation to the previous connection
     */
    void onConnected(Continuity continuity);

    /**
     * Notifies that the backplane is unavailable. Called at most once between two calls of {@link #onConnected}.
     *
     * @param cause the failure. Its message is logged and published, so neither it nor its causes may contain a
     *     credential, or text of the server, which may repeat one
     * @param since how long the backplane may have been unavailable: the time since the last message that returned
     *     was sent
     */
    void onDisconnected(Throwable cause, Duration since);

    /**
     * Notifies that an attempt to reconnect has failed, after {@link #onDisconnected}. The backplane tries again.
     *
     * @param cause the failure of this attempt, under the same rule as in {@link #onDisconnected}
     */
    void onReconnectFailed(Throwable cause);
}
