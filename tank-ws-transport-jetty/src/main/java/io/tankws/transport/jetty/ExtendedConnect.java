package io.tankws.transport.jetty;

import java.util.Optional;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;

/** The extended CONNECT of HTTP/2, whose stream carries a WebSocket connection (RFC 8441). */
final class ExtendedConnect {
    private static final String WEBSOCKET = "websocket";

    private ExtendedConnect() {}

    /** Returns the {@code :protocol} pseudo-header, or empty if the request has none, as an ordinary CONNECT. */
    static Optional<String> protocol(Request request) {
        return Optional.ofNullable(request.getTunnelSupport()).map(TunnelSupport::getProtocol);
    }

    static boolean isWebSocket(Request request) {
        return protocol(request).filter(WEBSOCKET::equalsIgnoreCase).isPresent();
    }

    /** Returns whether the request asks for a protocol other than WebSocket. */
    static boolean isOtherProtocol(Request request) {
        return protocol(request).isPresent() && !isWebSocket(request);
    }

    /** Returns the stream of a request for which {@link #isWebSocket} is true. */
    static EndPoint stream(Request request) {
        return new StreamEndPoint(request.getTunnelSupport().getEndPoint());
    }
}
