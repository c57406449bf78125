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
 * The upgrade of an accepted handshake: responds with 101 and replaces the HTTP connection by a WebSocket connection.
 * Over HTTP/2 it responds with 200 and replaces the stream.
 *
 * <p>Jetty's own handshaker cannot use an {@link InspectingEndPoint}, decides on its caller's thread, and fails on a
 * query that {@link URI} cannot parse.
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

    void perform(AcceptOptions options, JettyConnection connection) {
        try {
            Request.addCompletionListener(request, connection::exchangeCompleted);
            Optional<DeflateParameters> agreement = agreement(options);
            TankWsConnection upgraded = newConnection(options, connection, agreement);
            if (!upgraded.isPeerConnected()) {
                throw new EofException("the peer has closed the connection");
            }
            request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, upgraded);
            if (ExtendedConnect.isWebSocket(request)) {
                response.setStatus(HttpStatus.OK_200);
            } else {
                switchProtocols();
            }
            options.subprotocol()
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
            AcceptOptions options, JettyConnection connection, Optional<DeflateParameters> agreement) {
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
                options.subprotocol().orElse(null),
                request.isSecure(),
                extensions,
                WebSocketConstants.SPEC_VERSION_STRING);
        TankWsCoreSession session = new TankWsCoreSession(connection, negotiated, components);
        connection.input().attach(wire, deflate.map(DeflateStack::inflater).orElse(null));
        WriteSerializer serializer = connectWriter(connection, session, socket, stream, deflate);
        FrameHeaderChecker checker = new FrameHeaderChecker(options, deflate.isPresent());
        InspectingEndPoint endPoint =
                new InspectingEndPoint(socket, serializer, connector.getScheduler(), checker, connection, halfClosed);
        // Jetty splits no outgoing frame, and hands over the part of an incoming frame that each read brings.
        session.setAutoFragment(true);
        session.setMaxFrameSize(0);
        session.setIdleTimeout(Duration.ZERO);
        session.setInputBufferSize(Math.max(MIN_BUFFER_SIZE, options.readBufferSize()));
        session.setOutputBufferSize(Math.max(MIN_BUFFER_SIZE, options.writeBufferSize()));
        TankWsConnection result = new TankWsConnection(
                endPoint, connector.getExecutor(), connector.getScheduler(), connector.getByteBufferPool(), session);
        result.setUseInputDirectByteBuffers(configuration.isUseInputDirectByteBuffers());
        result.setUseOutputDirectByteBuffers(configuration.isUseOutputDirectByteBuffers());
        session.setWebSocketConnection(result);
        return result;
    }

    private WriteSerializer connectWriter(
            JettyConnection connection,
            TankWsCoreSession session,
            EndPoint socket,
            boolean stream,
            Optional<DeflateStack> deflate) {
        if (deflate.isPresent()) {
            WriteSerializer serializer = new WriteSerializer();
            connection.writeThrough(new CoreSessionWriter(session, deflate.get().deflater()), serializer);
            return serializer;
        }
        if (stream) {
            StreamWriter writer = new StreamWriter(socket, session);
            connection.writeThrough(writer, writer);
            return writer;
        }
        DirectSocketWriter writer = new DirectSocketWriter(socket, buffers, session);
        connection.writeThrough(writer, writer);
        return writer;
    }

    private ExtensionStack noExtensions() {
        ExtensionStack none = new ExtensionStack(components, Behavior.SERVER);
        none.negotiate(List.of(), List.of());
        return none;
    }

    private Optional<DeflateParameters> agreement(AcceptOptions options) {
        return options.compression()
                ? DeflateParameters.firstOf(request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_EXTENSIONS))
                : Optional.empty();
    }
}
