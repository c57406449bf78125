package io.tankws.transport.jetty;

import io.tankws.HandshakeRequest;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** Copies what a handshake may ask about; Jetty reuses the request afterwards. */
final class HandshakeRequests {
    private static final InetSocketAddress NO_ADDRESS = InetSocketAddress.createUnresolved("unknown", 0);

    private HandshakeRequests() {}

    static HandshakeRequest of(Request request) {
        HandshakeRequest.Builder builder = HandshakeRequest.builder(
                        request.getHttpURI().getPathQuery(), remoteAddress(request))
                .method(request.getMethod())
                .http11(request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1)
                .secure(request.isSecure())
                .peerCertificates(peerCertificates(request));
        for (HttpField field : request.getHeaders()) {
            builder.header(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        return builder.build();
    }

    private static InetSocketAddress remoteAddress(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address
                : NO_ADDRESS;
    }

    private static List<X509Certificate> peerCertificates(Request request) {
        return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData session
                        && session.peerCertificates() != null
                ? List.of(session.peerCertificates())
                : List.of();
    }
}
