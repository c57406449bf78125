package io.tankws.transport.jetty;

import io.tankws.HandshakeRequest;
import io.tankws.TrustedProxies;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** The conversion of Jetty's requests, which Jetty reuses, to handshake requests. */
final class HandshakeRequestFactory {
    private static final InetSocketAddress NO_ADDRESS = InetSocketAddress.createUnresolved("unknown", 0);

    private HandshakeRequestFactory() {}

    /**
     * Copies a request. Applies the headers of trusted proxies, unless a customizer of the application's server has
     * done so.
     *
     * @param absoluteForm whether the target may name another server than Host. On an application's own port, Jetty's
     *     compliance mode and customizers decide that
     */
    static HandshakeRequest of(Request request, boolean absoluteForm, TrustedProxies proxies) {
        HandshakeRequest arrived = of(request, absoluteForm);
        EndPoint socket = request.getConnectionMetaData().getConnection().getEndPoint();
        return arrived.remoteAddress().equals(inet(socket.getRemoteSocketAddress()))
                ? proxies.resolve(arrived)
                : arrived;
    }

    private static HandshakeRequest of(Request request, boolean absoluteForm) {
        HandshakeRequest.Builder builder = HandshakeRequest.builder(
                        request.getHttpURI().getPathQuery(),
                        inet(request.getConnectionMetaData().getRemoteSocketAddress()))
                .method(request.getMethod())
                .http11(request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1)
                .extendedConnect(ExtendedConnect.isWebSocket(request))
                .secure(absoluteForm ? isEncrypted(request) : request.isSecure())
                .peerCertificates(peerCertificates(request));
        boolean authority =
                request.getConnectionMetaData().getHttpVersion().getVersion() > HttpVersion.HTTP_1_1.getVersion();
        if (authority && request.getHttpURI().getAuthority() != null) {
            // In HTTP/2 it replaces Host, which must be equal if it is sent (RFC 9113 section 8.3.1).
            builder.header("Host", request.getHttpURI().getAuthority());
        }
        for (HttpField field : request.getHeaders()) {
            if (authority && field.getHeader() == HttpHeader.HOST) {
                continue;
            }
            String value = field.getValue() == null ? "" : field.getValue();
            builder.header(
                    field.getName(),
                    absoluteForm ? RequestTargetForms.effectiveValue(field, request.getHttpURI()) : value);
        }
        InetSocketAddress local = inet(request.getConnectionMetaData().getLocalSocketAddress());
        return builder.build().arrivedAt(local, listenAddress(request).orElse(local));
    }

    /** Returns whether the socket is encrypted. Jetty's request has the scheme of a target in absolute form instead. */
    private static boolean isEncrypted(Request request) {
        return request.getConnectionMetaData().isSecure();
    }

    private static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : NO_ADDRESS;
    }

    /** Returns the address of the port, or empty if a mounted handler has a connector without a listening socket. */
    private static Optional<InetSocketAddress> listenAddress(Request request) {
        try {
            return request.getConnectionMetaData().getConnector().getTransport() instanceof ServerSocketChannel channel
                    ? Optional.ofNullable(channel.getLocalAddress()).map(HandshakeRequestFactory::inet)
                    : Optional.empty();
        } catch (IOException e) {
            // The connector is closing. The address that the peer has connected to is used instead.
            return Optional.empty();
        }
    }

    private static List<X509Certificate> peerCertificates(Request request) {
        return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData session
                        && session.peerCertificates() != null
                ? List.of(session.peerCertificates())
                : List.of();
    }
}
