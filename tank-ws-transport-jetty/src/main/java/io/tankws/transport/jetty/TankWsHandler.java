package io.tankws.transport.jetty;

import io.tankws.ConnectionHandler;
import io.tankws.Limit;
import io.tankws.Limits;
import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.spi.HalfClosedSockets;
import io.tankws.spi.LogText;
import io.tankws.spi.OpenConnections;
import io.tankws.spi.WriteBuffers;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    private final Map<String, ConnectionHandler> handlers = new ConcurrentHashMap<>();
    private final OpenConnections connections = new OpenConnections();
    private final WriteBuffers buffers = new WriteBuffers();
    private final HalfClosedSockets halfClosed = new HalfClosedSockets();
    private final boolean ownPort;
    private volatile WebSocketComponents components;

    /** Handles no path yet. */
    public TankWsHandler() {
        this(false);
    }

    /**
     * Creates a handler without paths.
     *
     * @param ownPort whether nothing but WebSockets is served there. Such a port has no other use for a connection whose
     *     handshake was refused, and no other reader of Host than {@link HandshakeRequests}
     */
    TankWsHandler(boolean ownPort) {
        this.ownPort = ownPort;
    }

    /**
     * Adds a path or replaces its handler, before or after the start.
     *
     * @param path the exact path of the request target, behind that of a context
     * @param handler what stands behind it
     * @throws IllegalStateException if it is a manager with a limit of {@link Limit.Scope#SERVER}, which has no effect here:
     *     the server of the application bounds its sockets and request heads
     */
    public void handle(String path, ConnectionHandler handler) {
        Objects.requireNonNull(path, "path");
        if (Objects.requireNonNull(handler, "handler") instanceof Manager manager && !ownPort) {
            check(path, manager.limits());
        }
        handlers.put(path, handler);
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
        components = WebSocketServerComponents.ensureWebSocketComponents(getServer());
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Refusal> fault = ownPort ? RequestForms.fault(request) : Optional.empty();
        ConnectionHandler handler = handlers.get(pathInContext(request));
        if (handler == null && fault.isEmpty()) {
            return super.handle(request, response, callback);
        }
        JettyHandshake handshake =
                new JettyHandshake(request, response, callback, components, connections, buffers, halfClosed, ownPort);
        if (fault.isPresent()) {
            handshake.refuse(fault.get());
            return true;
        }
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

    OpenConnections connections() {
        return connections;
    }

    HalfClosedSockets halfClosed() {
        return halfClosed;
    }

    /** As sent, unlike Jetty's own path in context, which is decoded: {@code /w%73} is not {@code /ws} anywhere. */
    private static String pathInContext(Request request) {
        String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
        String context = Objects.requireNonNullElse(Request.getContextPath(request), "/");
        return !context.equals("/") && path.startsWith(context) ? path.substring(context.length()) : path;
    }
}
