package io.tankws.transport.jetty;

import io.tankws.Refusal;
import io.tankws.spi.support.Authority;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.URIUtil;

/** The check of request targets (RFC 9112 section 3.2) on a port that serves only WebSocket over HTTP/1.1. */
final class RequestTargetForms {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

    private RequestTargetForms() {}

    /** Returns the rejection of a request that Jetty accepts and no WebSocket server can serve, or empty. */
    static Optional<Refusal> fault(Request request) {
        if (HttpMethod.CONNECT.is(request.getMethod())) {
            return Optional.of(new Refusal(405, "a WebSocket handshake is a GET", Map.of("Allow", "GET")));
        }
        HttpURI target = request.getHttpURI();
        String scheme = target.getScheme();
        // Jetty's compliance mode for URIs is off, because PathHandlers checks paths.
        boolean serverAsWhole = "*".equals(target.getPath());
        boolean valid = (!serverAsWhole || HttpMethod.OPTIONS.is(request.getMethod()))
                && target.getUser() == null
                && (scheme == null || SCHEMES.contains(scheme.toLowerCase(Locale.ROOT)))
                && target.getAuthority() != null
                && Authority.isValid(target.getAuthority())
                && request.getHeaders().getValuesList(HttpHeader.HOST).stream()
                        .allMatch(host -> host.isEmpty() || Authority.isValid(host));
        return valid ? Optional.empty() : Optional.of(new Refusal(400, "the request target or Host is malformed"));
    }

    /**
     * Returns the effective value of a header. The authority of a target in absolute form replaces Host. For other
     * forms Jetty makes the authority from Host, and both name the same server.
     */
    static String effectiveValue(HttpField field, HttpURI target) {
        String value = field.getValue() == null ? "" : field.getValue();
        if (field.getHeader() != HttpHeader.HOST || target.getAuthority() == null) {
            return value;
        }
        return isSameServer(value, target) ? value : target.getAuthority();
    }

    private static boolean isSameServer(String host, HttpURI target) {
        if (host.isEmpty()) {
            return false;
        }
        HostPort parts = new HostPort(host);
        int defaultPort = URIUtil.getDefaultPortForScheme(target.getScheme());
        return parts.getHost().equalsIgnoreCase(target.getHost())
                && parts.getPort(defaultPort) == (target.getPort() > 0 ? target.getPort() : defaultPort);
    }
}
