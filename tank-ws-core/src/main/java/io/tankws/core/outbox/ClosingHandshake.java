package io.tankws.core.outbox;

import io.tankws.CloseStatus;
import io.tankws.spi.support.RunningTime;

/** How far the end of one connection has come. Its {@link Outbox}'s lock guards it. */
final class ClosingHandshake {
    /** Why we close once all has left; {@code null} while we do not. */
    private CloseStatus status;

    private long since;
    private boolean sent;
    private boolean byPeer;
    /** Since when the peer waits for the answer to its close frame. */
    private long byPeerSince;

    void begin(CloseStatus why) {
        status = why;
        since = RunningTime.nanoTime();
    }

    boolean hasBegun() {
        return status != null;
    }

    /** Returns with what to close now, once; else {@code null}. */
    CloseStatus takeStatus() {
        CloseStatus result = sent ? null : status;
        if (result != null) {
            sent = true;
            // From now on it is the peer's answer that is waited for.
            since = RunningTime.nanoTime();
        }
        return result;
    }

    /** The connection closes by itself. */
    void sent() {
        sent = true;
    }

    /** The peer wants to close; it does not wait longer than for a close of ours. */
    void byPeer() {
        byPeer = true;
        byPeerSince = RunningTime.nanoTime();
    }

    /** What is to leave first goes on leaving. */
    void progressed(long now) {
        since = now;
        byPeerSince = now;
    }

    boolean isOverdue(long now, long timeout) {
        return hasBegun() && now - since > timeout || byPeer && now - byPeerSince > timeout;
    }
}
