package io.tankws.transport.jetty;

import io.tankws.Tls;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The factory of TLS connections that carry HTTP. */
final class TlsConnections {
    private TlsConnections() {}

    static SslConnectionFactory around(HttpConnectionFactory http, Tls tls) {
        SslContextFactory.Server settings = new SslContextFactory.Server();
        settings.setSslContext(tls.context());
        settings.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        settings.setRenegotiationAllowed(false);
        switch (tls.clientCertificates()) {
            case NONE -> settings.setNeedClientAuth(false);
            case OPTIONAL -> settings.setWantClientAuth(true);
            case REQUIRED -> settings.setNeedClientAuth(true);
        }
        return new CheckedFactory(settings, http.getProtocol());
    }

    /**
     * The factory of connections that check the request line inside TLS. Without TLS, {@link RequestHeadEndPoint} does.
     */
    private static final class CheckedFactory extends SslConnectionFactory {
        CheckedFactory(SslContextFactory.Server settings, String next) {
            super(settings, next);
        }

        @Override
        protected SslConnection newSslConnection(Connector connector, EndPoint socket, SSLEngine engine) {
            return new CheckedConnection(
                    connector,
                    getSslContextFactory(),
                    socket,
                    engine,
                    isDirectBuffersForEncryption(),
                    isDirectBuffersForDecryption());
        }
    }

    private static final class CheckedConnection extends SslConnection {
        CheckedConnection(
                Connector connector,
                SslContextFactory.Server settings,
                EndPoint socket,
                SSLEngine engine,
                boolean directOut,
                boolean directIn) {
            super(
                    connector.getByteBufferPool(),
                    connector.getExecutor(),
                    settings,
                    socket,
                    engine,
                    directOut,
                    directIn);
        }

        @Override
        protected SslEndPoint newSslEndPoint() {
            return new SslEndPoint() {
                private final RequestLineChecker checker = new RequestLineChecker();

                @Override
                public int fill(ByteBuffer buffer) throws IOException {
                    int filled = super.fill(buffer);
                    checker.check(buffer, filled);
                    return filled;
                }
            };
        }
    }
}
