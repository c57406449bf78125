package io.tankws.core.server;

import io.tankws.HandshakeHandler;
import io.tankws.ServerLimits;
import io.tankws.Tls;
import io.tankws.TrustedProxies;
import io.tankws.WebSocketServer;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.handshake.ForwardedHandshake;
import io.tankws.core.handshake.RoutedHandshake;
import io.tankws.core.handshake.TransportCapabilities;
import io.tankws.core.selection.TransportSelector;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import io.tankws.spi.support.PercentEncoding;
import io.tankws.spi.support.Termination;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class DefaultWebSocketServer implements WebSocketServer {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** Time that handlers of paths have after their interrupt. */
    private static final Duration ROUTES_GRACE = Duration.ofMillis(500);

    private final String transportName;
    private final Transport transport;
    private final RouteDispatcher routes;
    private final ServerLimits limits;
    private final TransportCapabilities capabilities;
    /** Handlers by path. The map guards itself with its own lock. */
    private final Map<String, HandshakeHandler> handlers;

    private final Termination termination = new Termination();
    private final boolean secure;
    private final TrustedProxies proxies;
    private volatile boolean running = true;
    /** Failure of the transport, or {@code null} if it has not failed. */
    private volatile @Nullable Throwable failure;

    private DefaultWebSocketServer(
            Transport transport,
            RouteDispatcher routes,
            ServerLimits limits,
            TransportCapabilities capabilities,
            Map<String, HandshakeHandler> handlers,
            boolean secure,
            TrustedProxies proxies) {
        transportName = capabilities.transport();
        this.transport = transport;
        this.routes = routes;
        this.limits = limits;
        this.capabilities = capabilities;
        this.handlers = handlers;
        this.secure = secure;
        this.proxies = proxies;
        handlers.forEach(this::route);
    }

    @Override
    public WebSocketServer handle(String path, HandshakeHandler handler) {
        String normalized = normalized(path);
        Objects.requireNonNull(handler, "handler");
        synchronized (handlers) {
            Map<String, HandshakeHandler> all = new LinkedHashMap<>(handlers);
            all.put(normalized, handler);
            LimitOwnerCheck.check(limits, all);
            capabilities.attach(normalized, handler);
            handlers.put(normalized, handler);
            route(normalized, handler);
        }
        return this;
    }

    private void route(String path, HandshakeHandler handler) {
        transport.handle(
                path,
                ForwardedHandshake.handler(
                        proxies, RoutedHandshake.handler(capabilities, routes.handler(path, handler))));
    }

    @Override
    public InetSocketAddress address() {
        return transport.address();
    }

    @Override
    public String transport() {
        return transportName;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void failed(Throwable cause) {
        failure = cause;
        running = false;
        LOG.error("The {} server failed; it has stopped and closed its connections", transportName, cause);
    }

    /** Returns the failure of the transport, or {@code null} if it has not failed. */
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public void stop(Duration timeout) {
        running = false;
        termination.run(CallbackExecutor.mayWait(), "tank-ws-stop-" + transportName, () -> {
            try {
                transport.close(Deadlines.clamp(timeout));
            } finally {
                routes.end(ROUTES_GRACE);
            }
        });
    }

    @Override
    public void close() {
        stop(CLOSE_TIMEOUT);
    }

    @Override
    public String toString() {
        return transportName + " on " + address() + (running ? "" : " (stopped)");
    }

    private static String normalized(String path) {
        if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "a path must begin with a slash and have no query and no fragment, but was " + path);
        }
        return PercentEncoding.normalizePath(path);
    }

    public static final class Builder implements WebSocketServer.Builder {
        private final TransportProvider provider;
        private final Map<String, HandshakeHandler> handlers = new LinkedHashMap<>();
        private String host = "127.0.0.1";
        private int port = 8080;
        private ServerLimits limits = ServerLimits.defaults();
        /** TLS settings, or {@code null} for an unencrypted port. */
        private @Nullable Tls tls;

        private TrustedProxies proxies = TrustedProxies.none();

        public Builder(TransportProvider provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
        }

        @Override
        public WebSocketServer.Builder host(String host) {
            this.host = Objects.requireNonNull(host, "host");
            return this;
        }

        @Override
        public WebSocketServer.Builder port(int port) {
            this.port = port;
            return this;
        }

        @Override
        public WebSocketServer.Builder limits(ServerLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        @Override
        public WebSocketServer.Builder tls(Tls tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        @Override
        public WebSocketServer.Builder trustedProxies(TrustedProxies proxies) {
            this.proxies = Objects.requireNonNull(proxies, "proxies");
            return this;
        }

        @Override
        public WebSocketServer.Builder handle(String path, HandshakeHandler handler) {
            handlers.put(normalized(path), Objects.requireNonNull(handler, "handler"));
            return this;
        }

        @Override
        public WebSocketServer start() {
            try {
                TransportCapabilities capabilities = TransportCapabilities.of(provider);
                Map<String, HandshakeHandler> all = new LinkedHashMap<>(handlers);
                if (tls != null) {
                    capabilities.check(tls);
                }
                LimitOwnerCheck.check(limits, all);
                all.forEach(capabilities::attach);
                TransportConfig config = TransportConfig.of(host, port).withLimits(limits);
                Transport transport = provider.create(tls == null ? config : config.withTls(tls));
                DefaultWebSocketServer server = new DefaultWebSocketServer(
                        transport, new RouteDispatcher(limits), limits, capabilities, all, tls != null, proxies);
                transport.onFailure(server::failed);
                transport.start();
                return server;
            } catch (LinkageError e) {
                // A provider loads without its server library, so a missing library shows only here.
                throw TransportSelector.unusable(provider, e);
            }
        }
    }
}
