package io.tankws.core;

import io.tankws.CloseStatus;

/** How far the end of one connection has come. Its {@link Outbox}'s lock guards it. */
final class Closing {
    /** Why we close once all has left; {@code null} while we do not. */
    private CloseStatus status;

    private long since;
    private boolean sent;
    private boolean byPeer;
    /** Since when the peer waits for the answer to its close frame. */
    private long byPeerSince;

    void begin(CloseStatus why) {
        status = why;
        since = System.nanoTime();
    }

    boolean hasBegun() {
        return status != null;
    }

    /** Returns with what to close now, once; else {@code null}. */
    CloseStatus takeStatus() {
        CloseStatus result = sent ? null : status;
        sent |= result != null;
        return result;
    }

    /** The connection closes by itself. */
    void sent() {
        sent = true;
    }

    /** The peer wants to close; it does not wait longer than for a close of ours. */
    void byPeer() {
        byPeer = true;
        byPeerSince = System.nanoTime();
    }

    boolean isOverdue(long now, long timeout) {
        return hasBegun() && now - since > timeout || byPeer && now - byPeerSince > timeout;
    }
}
