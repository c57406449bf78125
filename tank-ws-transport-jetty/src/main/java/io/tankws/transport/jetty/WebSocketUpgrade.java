package io.tankws.transport.jetty;

import io.tankws.spi.AcceptOptions;
import io.tankws.spi.support.HalfClosedSockets;
import io.tankws.spi.support.WriteBufferPool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.util.WebSocketUtils;

/**
 * Answers 101 and swaps the HTTP connection for a WebSocket connection; over HTTP/2 answers 200 and swaps the stream.
 *
 * <p>Jetty's own handshaker does the same, but has no place for a {@link InspectingEndPoint}, decides in its caller's thread, and
 * fails on a query that {@link URI} cannot parse.
 */
record WebSocketUpgrade(
        Request request,
        Response response,
        Callback callback,
        WebSocketComponents components,
        WriteBufferPool buffers,
        HalfClosedSockets halfClosed) {
    private static final URI NO_URI = URI.create("/");
    private static final int MIN_BUFFER_SIZE = 1024;

    void perform(AcceptOptions acceptance, JettyConnection connection) {
        try {
            Request.addCompletionListener(request, connection::openFailedBy);
            Optional<DeflateParameters> agreement = agreement(acceptance);
            TankWsConnection upgraded = newConnection(acceptance, connection, agreement);
            if (!upgraded.peerIsThere()) {
                throw new EofException("the peer has closed");
            }
            request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, upgraded);
            if (ExtendedConnect.isWebSocket(request)) {
                response.setStatus(HttpStatus.OK_200);
            } else {
                switchProtocols();
            }
            acceptance
                    .subprotocol()
                    .ifPresent(name -> response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, name));
            agreement.ifPresent(
                    agreed -> response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_EXTENSIONS, agreed.headerValue()));
            response.write(true, null, callback);
        } catch (Throwable e) {
            callback.failed(e);
            connection.openFailed(e);
        }
    }

    private void switchProtocols() {
        response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
        response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_ACCEPT, WebSocketUtils.hashKey(key.strip()));
    }

    private TankWsConnection newConnection(
            AcceptOptions acceptance, JettyConnection connection, Optional<DeflateParameters> agreement) {
        ConnectionMetaData metaData = request.getConnectionMetaData();
        Connector connector = metaData.getConnector();
        HttpConfiguration configuration = metaData.getHttpConfiguration();
        Optional<DeflateStack> deflate = agreement.map(agreed -> new DeflateStack(components, agreed));
        ExtensionStack extensions = deflate.isPresent() ? deflate.get() : noExtensions();
        EndPoint wire = metaData.getConnection().getEndPoint();
        boolean stream = ExtendedConnect.isWebSocket(request);
        EndPoint socket = stream ? ExtendedConnect.stream(request) : wire;
        Negotiated negotiated = new Negotiated(
                NO_URI,
                acceptance.subprotocol().orElse(null),
                request.isSecure(),
                extensions,
                WebSocketConstants.SPEC_VERSION_STRING);
        TankWsCoreSession session = new TankWsCoreSession(connection, negotiated, components);
        WriteSerializer gate =
                deflate.isPresent() ? new WriteSerializer() : writer(socket, stream, connection, session);
        deflate.ifPresent(stack -> {
            connection.inflateThrough(stack.inflater());
            connection.writeThrough(new CoreSessionWriter(session, stack.deflater()));
        });
        FrameHeaderChecker guard = new FrameHeaderChecker(acceptance, deflate.isPresent());
        InspectingEndPoint watch =
                new InspectingEndPoint(socket, wire, gate, connector.getScheduler(), guard, connection, halfClosed);
        // No outgoing frame is cut into fragments, and incoming ones come in pieces of what each read brought.
        session.setAutoFragment(true);
        session.setMaxFrameSize(0);
        session.setIdleTimeout(Duration.ZERO);
        session.setInputBufferSize(Math.max(MIN_BUFFER_SIZE, acceptance.readBufferSize()));
        session.setOutputBufferSize(Math.max(MIN_BUFFER_SIZE, acceptance.writeBufferSize()));
        TankWsConnection result = new TankWsConnection(
                watch, connector.getExecutor(), connector.getScheduler(), connector.getByteBufferPool(), session);
        result.setUseInputDirectByteBuffers(configuration.isUseInputDirectByteBuffers());
        result.setUseOutputDirectByteBuffers(configuration.isUseOutputDirectByteBuffers());
        session.setWebSocketConnection(result);
        return result;
    }

    private WriteSerializer writer(
            EndPoint socket, boolean stream, JettyConnection connection, TankWsCoreSession session) {
        if (stream) {
            StreamWriter writer = new StreamWriter(socket, session);
            connection.writeThrough(writer);
            return writer;
        }
        DirectSocketWriter writer = new DirectSocketWriter(socket, buffers, session);
        connection.writeThrough(writer);
        return writer;
    }

    private ExtensionStack noExtensions() {
        ExtensionStack none = new ExtensionStack(components, Behavior.SERVER);
        none.negotiate(List.of(), List.of());
        return none;
    }

    private Optional<DeflateParameters> agreement(AcceptOptions acceptance) {
        return acceptance.compression()
                ? DeflateParameters.firstOf(request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_EXTENSIONS))
                : Optional.empty();
    }
}
