package io.tankws.transport.jetty;

import io.tankws.Tls;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS in front of HTTP. */
final class Encryption {
    private Encryption() {}

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
        return new SslConnectionFactory(settings, http.getProtocol());
    }
}
