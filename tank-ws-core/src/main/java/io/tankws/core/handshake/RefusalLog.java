package io.tankws.core.handshake;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.LogText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of refused handshakes: for each status one line at once, then at most one in 10 seconds, so that many
 * refusals of one kind hide no other kind. Safe for use by several threads.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** The hint for an origin that is refused. */
    static final String ORIGIN_HINT =
            "; Upgrader.withOriginRule allows an origin, and a server behind a proxy that ends TLS"
                    + " needs trustedProxies";

    /** Bounded by the number of statuses that a {@link Refusal} may have, 200. */
    private final Map<Integer, FailureLog> byStatus = new ConcurrentHashMap<>();

    private final String manager;

    RefusalLog(String manager) {
        this.manager = manager;
    }

    /** Reports a refusal; the hint says what an operator can do, or is empty. */
    void report(HandshakeRequest request, Refusal refusal, String hint) {
        try {
            write(request, refusal, hint);
        } catch (RuntimeException | Error e) {
            // Without memory there is no report; the peer must get its answer all the same.
        }
    }

    private void write(HandshakeRequest request, Refusal refusal, String hint) {
        FailureLog reports = byStatus.computeIfAbsent(
                refusal.status(), status -> new FailureLog((text, cause) -> LOG.warn("{}", text)));
        reports.report(
                manager + ": handshake of " + address(request) + " refused with " + refusal.status() + ": "
                        + LogText.escape(refusal.reason()) + hint + " (Origin: "
                        + request.header("Origin").map(LogText::escape).orElse("none") + ", Host: "
                        + request.header("Host").map(LogText::escape).orElse("none") + ")",
                null);
    }

    private static String address(HandshakeRequest request) {
        return LogText.escape(
                request.remoteAddress().isUnresolved()
                        ? request.remoteAddress().getHostString()
                        : request.remoteAddress().getAddress().getHostAddress());
    }
}
