package io.tankws.transport.jetty;

import io.tankws.HandshakeHandler;
import io.tankws.Refusal;
import io.tankws.TrustedProxies;
import io.tankws.spi.support.ConnectionTracker;
import io.tankws.spi.support.HalfClosedSockets;
import io.tankws.spi.support.LogText;
import io.tankws.spi.support.PathHandlers;
import io.tankws.spi.support.WriteBufferPool;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Jetty handler that mounts tank-ws on a {@link org.eclipse.jetty.server.Server} of the application.
 *
 * <pre>{@code
 * TankWsHandler webSockets = new TankWsHandler();
 * webSockets.handle("/ws", manager::handleConnection);
 * webSockets.setHandler(everythingElse);
 * server.setHandler(webSockets);
 * }</pre>
 *
 * <p>It may be anywhere in the tree of handlers. Within a {@code ContextHandler}, paths are relative to the context.
 * Requests to other paths go to the wrapped handler. The server's own {@code HttpConfiguration} and connector limit the
 * size and the time of a request head. The idle timeout of a connector ends with the upgrade.
 *
 * <p>Over HTTP/2 a WebSocket is a stream that an extended CONNECT opens (RFC 8441). Jetty's HTTP/2 connectors announce
 * it by default. {@code AbstractHTTP2ServerConnectionFactory.setConnectProtocolEnabled(false)} disables it, and
 * browsers then use HTTP/1.1 for WebSockets. An extended CONNECT for another protocol is refused with status 501.
 */
public final class TankWsHandler extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(TankWsHandler.class);

    private final PathHandlers handlers = new PathHandlers();
    private final ConnectionTracker connections = new ConnectionTracker();
    private final WriteBufferPool buffers = new WriteBufferPool();
    private final HalfClosedSockets halfClosed = new HalfClosedSockets();
    private final boolean ownPort;

    @SuppressWarnings("NullAway.Init") // set by doStart
    private volatile WebSocketComponents components;

    private volatile TrustedProxies proxies = TrustedProxies.none();

    /** Creates a handler without paths. */
    public TankWsHandler() {
        this(false);
    }

    /**
     * Creates a handler without paths.
     *
     * @param ownPort whether the port serves only WebSocket. Such a port closes a connection whose handshake was
     *     refused, and only {@link HandshakeRequestFactory} reads Host
     */
    TankWsHandler(boolean ownPort) {
        this.ownPort = ownPort;
    }

    /**
     * Adds a path or replaces its handler, before or after the start. Paths are compared in normalized form, as
     * {@link io.tankws.WebSocketServer#handle} describes. A request with a malformed path goes to the wrapped handler,
     * or gets status 400 if there is none. The server's own {@code UriCompliance} may reject it before.
     *
     * @param path the path relative to the context, with or without percent-encoding
     * @param handler receives the handshakes of the path
     * @throws IllegalArgumentException if the path is malformed
     */
    public void handle(String path, HandshakeHandler handler) {
        Objects.requireNonNull(path, "path");
        handlers.handle(path, Objects.requireNonNull(handler, "handler"));
    }

    /**
     * Configures the proxies from which handshakes take the client's address, scheme and host. The default is
     * {@link TrustedProxies#none()}. If a {@code ForwardedRequestCustomizer} has changed the address of a request,
     * its headers are not applied a second time.
     *
     * @param proxies addresses and networks of proxies that the server trusts
     */
    public void setTrustedProxies(TrustedProxies proxies) {
        this.proxies = Objects.requireNonNull(proxies, "proxies");
    }

    @Override
    protected void doStart() throws Exception {
        JettyVersion.require();
        components = WebSocketServerComponents.ensureWebSocketComponents(getServer());
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Refusal> fault = ownPort ? RequestTargetForms.fault(request) : Optional.empty();
        String path = pathInContext(request);
        Optional<HandshakeHandler> found = getHandler() == null ? handlers.find(path) : handlers.findAdded(path);
        if (found.isEmpty() && fault.isEmpty()) {
            return super.handle(request, response, callback);
        }
        JettyHandshake handshake = new JettyHandshake(
                HandshakeRequestFactory.of(request, ownPort, proxies),
                request,
                response,
                callback,
                components,
                connections,
                buffers,
                halfClosed,
                ownPort);
        if (fault.isPresent()) {
            handshake.refuse(fault.get());
            return true;
        }
        HandshakeHandler handler = found.get();
        if (hasBody(request) && handshake.request().violation().isEmpty()) {
            handshake.refuse(new Refusal(400, "a WebSocket handshake has no body"));
            return true;
        }
        if (ExtendedConnect.isOtherProtocol(request)) {
            handshake.refuse(new Refusal(501, "this path speaks WebSocket only"));
            return true;
        }
        try {
            handler.handleConnection(handshake);
        } catch (Throwable e) {
            if (LOG.isDebugEnabled()) {
                // Only the class: the message may repeat input of the peer.
                String thrown = e.getClass().getName();
                LOG.debug(
                        "The handler of {} has thrown {}",
                        LogText.escape(handshake.request().toString()),
                        thrown);
            }
            handshake.fail();
        }
        return true;
    }

    /** Returns whether a body follows, which would be read as frames. */
    private static boolean hasBody(Request request) {
        HttpFields headers = request.getHeaders();
        return headers.contains(HttpHeader.TRANSFER_ENCODING) || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }

    ConnectionTracker connections() {
        return connections;
    }

    HalfClosedSockets halfClosed() {
        return halfClosed;
    }

    /**
     * Returns the path in the context as the peer has sent it. Jetty's own path in context is decoded and has no dot
     * segments. The context has as many segments as its own path, in whatever encoding the peer has sent them.
     */
    private static String pathInContext(Request request) {
        String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
        String context = Objects.requireNonNullElse(Request.getContextPath(request), "/");
        long segments =
                context.equals("/") ? 0 : context.chars().filter(c -> c == '/').count();
        int start = 0;
        for (long i = 0; i < segments && start >= 0; i++) {
            start = path.indexOf('/', start + 1);
        }
        return start < 0 ? "" : path.substring(start);
    }
}
