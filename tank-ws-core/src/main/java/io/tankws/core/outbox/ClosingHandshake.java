package io.tankws.core.outbox;

import io.tankws.CloseStatus;
import io.tankws.spi.support.RunningTime;
import org.jspecify.annotations.Nullable;

/** The state of the close handshake of one connection. Guarded by the lock of its {@link Outbox}. */
final class ClosingHandshake {
    /** Status of the close that follows the waiting messages, or {@code null} if none is requested. */
    private @Nullable CloseStatus status;

    private long since;
    private boolean sent;
    private boolean byPeer;
    /** Time since which the peer has waited for the reply to its close frame. */
    private long byPeerSince;

    void begin(CloseStatus why) {
        status = why;
        since = RunningTime.nanoTime();
    }

    boolean hasBegun() {
        return status != null;
    }

    /** Returns the status to close with now, once, or {@code null}. */
    @Nullable
    CloseStatus takeStatus() {
        CloseStatus result = sent ? null : status;
        if (result != null) {
            sent = true;
            // The reply of the peer is awaited next.
            since = RunningTime.nanoTime();
        }
        return result;
    }

    /** Records that the connection closes on its own. */
    void sent() {
        sent = true;
    }

    /** Records the close frame of the peer. The peer waits no longer than for a close of this side. */
    void byPeer() {
        byPeer = true;
        byPeerSince = RunningTime.nanoTime();
    }

    /** Messages that were queued before the close still leave. */
    void progressed(long now) {
        since = now;
        byPeerSince = now;
    }

    boolean isOverdue(long now, long timeout) {
        return hasBegun() && now - since > timeout || byPeer && now - byPeerSince > timeout;
    }
}
