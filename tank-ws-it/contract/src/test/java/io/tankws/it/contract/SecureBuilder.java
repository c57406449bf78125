package io.tankws.it.contract;

import io.tankws.HandshakeHandler;
import io.tankws.ServerLimits;
import io.tankws.Tls;
import io.tankws.TrustedProxies;
import io.tankws.WebSocketServer;
import io.tankws.testkit.SecureServer;
import javax.net.ssl.SSLContext;

/** A builder of servers that test clients reach over TLS. */
record SecureBuilder(WebSocketServer.Builder builder, SSLContext trust) implements WebSocketServer.Builder {
    @Override
    public WebSocketServer.Builder host(String host) {
        builder.host(host);
        return this;
    }

    @Override
    public WebSocketServer.Builder port(int port) {
        builder.port(port);
        return this;
    }

    @Override
    public WebSocketServer.Builder limits(ServerLimits limits) {
        builder.limits(limits);
        return this;
    }

    @Override
    public WebSocketServer.Builder tls(Tls tls) {
        builder.tls(tls);
        return this;
    }

    @Override
    public WebSocketServer.Builder trustedProxies(TrustedProxies proxies) {
        builder.trustedProxies(proxies);
        return this;
    }

    @Override
    public WebSocketServer.Builder handle(String path, HandshakeHandler handler) {
        builder.handle(path, handler);
        return this;
    }

    @Override
    public WebSocketServer start() {
        return new SecureServer(builder.start(), trust);
    }
}
