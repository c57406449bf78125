package io.tankws.transport.jetty;

import io.tankws.HandshakeHandler;
import io.tankws.Limit;
import io.tankws.Limits;
import io.tankws.Manager;
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
 * Mounts tank-ws on a Jetty {@link org.eclipse.jetty.server.Server} that the application has configured itself.
 *
 * <pre>{@code
 * TankWsHandler webSockets = new TankWsHandler();
 * webSockets.handle("/ws", manager::handleConnection);
 * webSockets.setHandler(everythingElse);
 * server.setHandler(webSockets);
 * }</pre>
 *
 * <p>It may stand anywhere in the tree, also within a {@code ContextHandler}, where paths begin behind the context's. A
 * request to any other path goes on to the wrapped handler. Size and time of a request head are bounded by the
 * server's own {@code HttpConfiguration} and connector; the idle timeout of a connector ends with the upgrade.
 *
 * <p>Over HTTP/2 a WebSocket is a stream that an extended CONNECT opens (RFC 8441). Jetty's HTTP/2 connectors announce it
 * by default. {@code AbstractHTTP2ServerConnectionFactory.setConnectProtocolEnabled(false)} turns it off, and browsers
 * then use HTTP/1.1 for WebSockets. An extended CONNECT for another protocol is refused with status 501.
 */
public final class TankWsHandler extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(TankWsHandler.class);

    private final PathHandlers handlers = new PathHandlers();
    private final ConnectionTracker connections = new ConnectionTracker();
    private final WriteBufferPool buffers = new WriteBufferPool();
    private final HalfClosedSockets halfClosed = new HalfClosedSockets();
    private final boolean ownPort;
    private volatile WebSocketComponents components;
    private volatile TrustedProxies proxies = TrustedProxies.none();

    /** Handles no path yet. */
    public TankWsHandler() {
        this(false);
    }

    /**
     * Creates a handler without paths.
     *
     * @param ownPort whether nothing but WebSockets is served there. Such a port has no other use for a connection whose
     *     handshake was refused, and no other reader of Host than {@link HandshakeRequestFactory}
     */
    TankWsHandler(boolean ownPort) {
        this.ownPort = ownPort;
    }

    /**
     * Adds a path or replaces its handler, before or after the start. Paths are compared in normalized form, as
     * {@link io.tankws.WebSocketServer#handle} says. A malformed path gets a 400 unless there is a wrapped handler, which
     * gets the request then; the server's own {@code UriCompliance} may refuse it before.
     *
     * @param path what follows the path of a context, with or without percent-encoding
     * @param handler gets the handshakes of the path
     * @throws IllegalArgumentException if the path is malformed
     * @throws IllegalStateException if it is a manager with a limit of {@link Limit.Scope#SERVER}, which has no effect here:
     *     the server of the application bounds its sockets and request heads
     */
    public void handle(String path, HandshakeHandler handler) {
        Objects.requireNonNull(path, "path");
        if (Objects.requireNonNull(handler, "handler") instanceof Manager manager && !ownPort) {
            check(path, manager.limits());
        }
        handlers.handle(path, handler);
    }

    /**
     * Configures the proxies from which handshakes take the client's address, scheme and host. The default is
     * {@link TrustedProxies#none()}. Behind a {@code ForwardedRequestCustomizer} that has changed the address of a request,
     * nothing is taken from its headers a second time.
     *
     * @param proxies addresses and networks of proxies that the server trusts
     */
    public void setTrustedProxies(TrustedProxies proxies) {
        this.proxies = Objects.requireNonNull(proxies, "proxies");
    }

    private static void check(String path, Limits limits) {
        for (Limit limit : limits.named()) {
            if (limit.scope() == Limit.Scope.SERVER) {
                throw new IllegalStateException("the limit " + limit + " must not be set on the manager of the path "
                        + path + ", but was " + limit.of(limits) + "; configure the Jetty server, which it belongs to");
            }
        }
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
                // Only its kind: its text may repeat what a peer sent.
                String thrown = e.getClass().getName();
                LOG.debug(
                        "handler of {} threw {}",
                        LogText.escape(handshake.request().toString()),
                        thrown);
            }
            handshake.fail();
        }
        return true;
    }

    /** It would be taken for frames. */
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
     * As sent, unlike Jetty's own path in context, which is decoded and has no dot segments. A context is as many segments of
     * the path as its own path has, however each of them is encoded.
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
