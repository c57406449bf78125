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

/** TLS in front of HTTP. */
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
        return new GuardedFactory(settings, http.getProtocol());
    }

    /** Checks the request line within TLS; without TLS the socket does, see {@link RequestHeadEndPoint}. */
    private static final class GuardedFactory extends SslConnectionFactory {
        GuardedFactory(SslContextFactory.Server settings, String next) {
            super(settings, next);
        }

        @Override
        protected SslConnection newSslConnection(Connector connector, EndPoint socket, SSLEngine engine) {
            return new GuardedConnection(
                    connector,
                    getSslContextFactory(),
                    socket,
                    engine,
                    isDirectBuffersForEncryption(),
                    isDirectBuffersForDecryption());
        }
    }

    private static final class GuardedConnection extends SslConnection {
        GuardedConnection(
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
                private final RequestLineChecker guard = new RequestLineChecker();

                @Override
                public int fill(ByteBuffer buffer) throws IOException {
                    int filled = super.fill(buffer);
                    guard.check(buffer, filled);
                    return filled;
                }
            };
        }
    }
}
