package io.tankws.core.session;

import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.core.outbox.Outbox;
import io.tankws.spi.ConnectionEnding;
import org.jspecify.annotations.Nullable;

/** The check of one session for overdue writes, closes and heartbeats. Used by the housekeeper only. */
final class SessionCheck {
    private SessionCheck() {}

    static void run(ClientSession session, long now, @Nullable HeartbeatConfig heartbeat) {
        Outbox outbox = session.outbox;
        long drained = session.connection.drainedBytes();
        outbox.progressed(now, drained);
        if (outbox.closeOverdue(now)) {
            session.abort();
        } else if (outbox.writeOverdue(now)) {
            report(session, ErrorCode.WRITE_FAILED, "a write did not complete in time");
            session.abort();
        } else if (outbox.check(now)) {
            outbox.flush();
        } else if (session.isExpired() && outbox.isOpen()) {
            report(session, ErrorCode.AUTHENTICATION_FAILED, "the identity has expired");
            session.close(ConnectionEnding.EXPIRED, CloseStatus.IDENTITY_EXPIRED);
        } else if (heartbeat != null && outbox.isOpen()) {
            checkHeartbeat(session, now, drained, heartbeat);
        }
        if (session.link != null) {
            session.link.check(now);
        }
    }

    private static void checkHeartbeat(ClientSession session, long now, long drained, HeartbeatConfig heartbeat) {
        Outbox outbox = session.outbox;
        HeartbeatMonitor monitor = session.monitor;
        InboundHandler receiver = session.inboundHandler;
        monitor.sentLarge(now, outbox.largeBytes());
        switch (monitor.check(
                now, receiver.lastRead(), drained, outbox.isBlocked(), heartbeat, receiver.isHeldBack())) {
            case PING -> {
                if (outbox.ping()) {
                    monitor.pinged(now);
                    outbox.flush();
                } else if (outbox.isBlocked()) {
                    monitor.blocked(now);
                }
            }
            case TIMEOUT -> {
                if (session.connection.hasPendingInput()) {
                    monitor.onInput();
                    return;
                }
                report(session, ErrorCode.HEARTBEAT_FAILED, "silent past the heartbeat timeout");
                session.abort();
            }
            case NONE -> {}
        }
    }

    private static void report(ClientSession session, ErrorCode code, String message) {
        session.context.events().error(code, message, session, null);
    }
}
