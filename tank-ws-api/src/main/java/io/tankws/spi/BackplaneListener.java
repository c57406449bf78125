package io.tankws.spi;

import java.time.Duration;

/**
 * What a {@link Backplane} tells its node. The calls come one at a time, in order, on a thread of the backplane's; none
 * blocks. During a call other threads may call every method of the backplane, which returns: the backplane holds none of its
 * locks then.
 */
public interface BackplaneListener {
    /**
     * Something was published. Also called while down, for channels that are heard already or still.
     *
     * @param channel where
     * @param message handed over
     */
    void onMessage(String channel, byte[] message);

    /** What was at hand together has been told: a good moment to pass it on. Always follows {@link #onMessage} soon. */
    void onReadComplete();

    /**
     * All channels that are wanted are heard, and publishing works: every connection has lately brought back what was sent
     * to it.
     *
     * @param same whether the engine is the one that it was at the last {@link #onConnected}, or one that has begun since it was
     *     lost. If not, this node may have been parted from others ever since, though what it sent came back
     */
    void onConnected(boolean same);

    /**
     * That is no longer so, or not yet. Not told twice without {@link #onConnected} between.
     *
     * @param cause what happened; its message is for people, and is logged and published. Neither it nor its causes may hold
     *     a credential, or text of the other side, which may repeat one
     * @param since for how long it may have been so already: the time since what was sent last came back
     */
    void onDisconnected(Throwable cause, Duration since);

    /**
     * Coming back has failed, after {@link #onDisconnected}; it will be tried again.
     *
     * @param cause what happened this time, under the same rule
     */
    void onReconnectFailed(Throwable cause);
}
