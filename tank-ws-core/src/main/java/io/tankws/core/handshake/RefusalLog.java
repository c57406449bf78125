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
 * The log of refused handshakes. Each status has one line at once and at most one in 10 seconds, so that many
 * refusals of one kind hide no other kind. Thread-safe.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Hint for a refused origin. */
    static final String ORIGIN_HINT =
            "; Upgrader.withOriginRule allows an origin, and a server behind a proxy that ends TLS"
                    + " needs trustedProxies";

    /** Time of the last line by status. Bounded by the 200 statuses that a {@link Refusal} may have. */
    private final Map<Integer, FailureLog> byStatus = new ConcurrentHashMap<>();

    private final String manager;

    RefusalLog(String manager) {
        this.manager = manager;
    }

    /** Logs a refusal. The hint names a remedy, or is empty. */
    void report(HandshakeRequest request, Refusal refusal, String hint) {
        try {
            write(request, refusal, hint);
        } catch (RuntimeException | Error e) {
            // For lack of memory the line is lost, but the peer must get its response.
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
