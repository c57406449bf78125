package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A handler on the application's own server, and an HTTP/2 client that opens a stream for each connection (RFC 8441).
 */
class ExtendedConnectTest extends TransportTestBase {
    private static final String VERSION = "sec-websocket-version: 13";
    private static final int LARGE = 4 * 1024 * 1024;

    private final Server server = new Server();
    private final TankWsHandler handler = new TankWsHandler();
    private final HTTP2Client client = new HTTP2Client();
    private ServerConnector connector;
    private String authority;
    private Session session;

    @BeforeEach
    void startBoth() throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        connector = new ServerConnector(
                server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        handler.handle("/ws", accepting(PLAIN));
        handler.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, "hello", callback);
                return true;
            }
        });
        server.setHandler(handler);
        server.start();
        authority = "127.0.0.1:" + connector.getLocalPort();
        client.start();
        CompletableFuture<Integer> enabled = new CompletableFuture<>();
        session = client.connect(new InetSocketAddress("127.0.0.1", connector.getLocalPort()), new Session.Listener() {
                    @Override
                    public void onSettings(Session from, SettingsFrame frame) {
                        enabled.complete(frame.getSettings().getOrDefault(SettingsFrame.ENABLE_CONNECT_PROTOCOL, 0));
                    }
                })
                .get(10, TimeUnit.SECONDS);
        assertEquals(1, enabled.get(10, TimeUnit.SECONDS));
    }

    @AfterEach
    void stopBoth() throws Exception {
        client.stop();
        server.stop();
    }

    private StreamClient open(boolean reading, String... headers) throws Exception {
        StreamClient stream = StreamClient.open(
                session, StreamClient.connect(authority, "/ws?x=1", "websocket", headers), false, reading);
        assertEquals(200, stream.head().getStatus());
        return stream;
    }

    private int status(String path, String protocol, String... headers) throws Exception {
        StreamClient stream =
                StreamClient.open(session, StreamClient.connect(authority, path, protocol, headers), false, true);
        return stream.head().getStatus();
    }

    private Collection<?> streamsOfServer() {
        EndPoint socket = connector.getConnectedEndPoints().iterator().next();
        return ((HTTP2Connection) socket.getConnection()).getSession().getStreams();
    }

    private static byte[] closeFrame(int code) {
        return new byte[] {(byte) 0x88, 2, (byte) (code >> 8), (byte) code};
    }

    @Test
    void carriesMessagesAndTheClosingHandshake() throws Exception {
        StreamClient stream = open(true, VERSION);
        stream.send(RawClient.frame(0x81, "up"), false);
        assertEquals("text up", listener.message());
        write(listener.connection(), List.of(text("one"), text("two")), failure -> {});
        await(() -> stream.received().length == 10);
        assertEquals("\u0081\u0003one\u0081\u0003two", new String(stream.received(), StandardCharsets.ISO_8859_1));
        stream.send(RawClient.close(1000), false);
        stream.ended.get(10, TimeUnit.SECONDS);
        byte[] all = stream.received();
        assertArrayEquals(closeFrame(1000), java.util.Arrays.copyOfRange(all, 10, all.length));
        stream.send(new byte[0], true);
        assertEquals(1000, listener.closeStatus().code());
        await(() -> streamsOfServer().isEmpty());
        assertFalse(stream.reset.isDone());
    }

    @Test
    void aPeerThatEndsItsStreamWithItsCloseFrameGetsTheEndAndNoReset() throws Exception {
        StreamClient stream = open(true, VERSION);
        listener.connection().close(CloseStatus.NORMAL);
        await(() -> stream.received().length == 4);
        stream.send(RawClient.close(1000), true);
        stream.ended.get(10, TimeUnit.SECONDS);
        assertEquals(1000, listener.closeStatus().code());
        await(() -> streamsOfServer().isEmpty());
        other();
        assertFalse(stream.reset.isDone());
    }

    @Test
    void messagesMayComeWithTheHandshake() throws Exception {
        CompletableFuture<Runnable> decision = new CompletableFuture<>();
        handler.handle("/ws", handshake -> decision.complete(() -> accept(handshake, PLAIN)));
        StreamClient stream =
                StreamClient.open(session, StreamClient.connect(authority, "/ws", "websocket", VERSION), false, true);
        stream.send(RawClient.frame(0x81, "early"), false);
        decision.get(10, TimeUnit.SECONDS).run();
        assertEquals("text early", listener.message());
        stream.send(RawClient.frame(0x81, "late"), false);
        assertEquals("text late", listener.message());
    }

    @Test
    void aHandshakeHasTheHeadersOfTheRequest() throws Exception {
        CompletableFuture<HandshakeRequest> request = new CompletableFuture<>();
        handler.handle("/ws", handshake -> {
            request.complete(handshake.request());
            accept(
                    handshake,
                    AcceptOptions.builder()
                            .subprotocol("chat")
                            .bufferSizes(4096, 16384)
                            .maxFragments(16)
                            .build());
        });
        StreamClient stream = open(true, VERSION, "sec-websocket-protocol: chat", "origin: http://a.example");
        HandshakeRequest seen = request.get(10, TimeUnit.SECONDS);
        assertEquals(Optional.empty(), seen.violation());
        assertEquals("CONNECT", seen.method());
        assertEquals("/ws", seen.path());
        assertEquals(Optional.of("1"), seen.queryParameter("x"));
        assertEquals(List.of(authority), seen.headers().get("Host"));
        assertEquals(Optional.of("http://a.example"), seen.origin());
        assertFalse(seen.isSecure());
        assertEquals("chat", stream.head().getHttpFields().get("sec-websocket-protocol"));
        assertFalse(stream.head().getHttpFields().contains("sec-websocket-accept"));
        assertFalse(stream.head().getHttpFields().contains("upgrade"));
    }

    @Test
    void compressionIsAgreed() throws Exception {
        handler.handle(
                "/ws",
                accepting(AcceptOptions.builder()
                        .compression(true)
                        .bufferSizes(4096, 16384)
                        .maxFragments(16)
                        .build()));
        StreamClient stream = open(true, VERSION, "sec-websocket-extensions: permessage-deflate");
        assertTrue(stream.head().getHttpFields().get("sec-websocket-extensions").startsWith("permessage-deflate"));
        String text = "tank".repeat(1000);
        write(listener.connection(), List.of(text(text)), failure -> {});
        await(() -> stream.received().length > 2);
        // The frame has FIN, RSV1 and the text opcode, and far fewer bytes.
        assertEquals((byte) 0xC1, stream.received()[0]);
        assertTrue(stream.received().length < 200);
    }

    @Test
    void badHandshakesAreRefused() throws Exception {
        handler.handle(
                "/ws",
                handshake -> handshake
                        .request()
                        .violation()
                        .ifPresentOrElse(handshake::refuse, () -> accept(handshake, PLAIN)));
        assertEquals(426, status("/ws", "websocket"));
        assertEquals(426, status("/ws", "websocket", "sec-websocket-version: 8"));
        assertEquals(501, status("/ws", "connect-udp", VERSION));
        assertEquals(400, status("/ws", "websocket", VERSION, "content-length: 5"));
        handler.handle("/no", handshake -> handshake.refuse(new Refusal(403, "no")));
        assertEquals(403, status("/no", "websocket", VERSION));
        open(true, VERSION);
    }

    @Test
    void otherRequestsShareTheConnection() throws Exception {
        StreamClient webSocket = open(true, VERSION);
        StreamClient other = StreamClient.open(session, StreamClient.get(authority, "/other"), true, true);
        assertEquals(200, other.head().getStatus());
        other.ended.get(10, TimeUnit.SECONDS);
        assertEquals("hello", new String(other.received(), StandardCharsets.US_ASCII));
        handler.handle(
                "/asked",
                handshake -> handshake.refuse(handshake.request().violation().orElseThrow()));
        StreamClient plain = StreamClient.open(session, StreamClient.get(authority, "/asked"), true, true);
        assertEquals(426, plain.head().getStatus());
        assertFalse(plain.head().getHttpFields().contains("upgrade"));
        assertFalse(plain.head().getHttpFields().contains("connection"));
        webSocket.send(RawClient.frame(0x81, "still here"), false);
        assertEquals("text still here", listener.message());
        try (RawClient old = new RawClient(new InetSocketAddress("127.0.0.1", connector.getLocalPort()))) {
            old.send(RawClient.upgrade("/ws"));
            assertTrue(old.readHead().startsWith("HTTP/1.1 101 "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void abortResetsTheStreamAndFailsAWrite(boolean writing) throws Exception {
        StreamClient stream = open(false, VERSION);
        CompletableFuture<Throwable> written = new CompletableFuture<>();
        if (writing) {
            Frame frame = Frame.of(Frame.Opcode.BINARY, ByteBuffer.allocate(64 * 1024 * 1024));
            write(listener.connection(), List.of(frame), written::complete);
            assertFalse(written.isDone());
        }
        listener.connection().abort();
        assertEquals(1006, listener.closeStatus().code());
        assertEquals(ErrorCode.CANCEL_STREAM_ERROR.code, stream.reset.get(10, TimeUnit.SECONDS));
        if (writing) {
            assertNotNull(written.get(10, TimeUnit.SECONDS));
        }
        await(() -> streamsOfServer().isEmpty());
        other();
    }

    @Test
    void aPeerThatResetsItsStreamIsGone() throws Exception {
        StreamClient stream = open(false, VERSION);
        CompletableFuture<Throwable> written = new CompletableFuture<>();
        Frame frame = Frame.of(Frame.Opcode.BINARY, ByteBuffer.allocate(64 * 1024 * 1024));
        write(listener.connection(), List.of(frame), written::complete);
        stream.reset();
        assertEquals(1006, listener.closeStatus().code());
        assertNotNull(written.get(10, TimeUnit.SECONDS));
        await(() -> streamsOfServer().isEmpty());
        other();
    }

    @Test
    void aPeerThatEndsItsStreamWithoutACloseFrameIsGone() throws Exception {
        StreamClient stream = open(true, VERSION);
        listener.connection();
        stream.send(new byte[0], true);
        assertEquals(1006, listener.closeStatus().code());
        await(() -> streamsOfServer().isEmpty());
        other();
    }

    @Test
    void aStreamThatItsPeerNeverEndsIsReset() throws Exception {
        StreamClient stream = open(true, VERSION);
        Connection connection = listener.connection();
        stream.send(RawClient.close(1000), false);
        stream.ended.get(10, TimeUnit.SECONDS);
        assertEquals(1000, listener.closeStatus().code());
        assertEquals(ErrorCode.CANCEL_STREAM_ERROR.code, stream.reset.get(10, TimeUnit.SECONDS));
        await(() -> streamsOfServer().isEmpty());
        connection.abort();
        other();
    }

    /** Checks that the HTTP/2 connection continues. */
    private void other() throws Exception {
        StreamClient other = StreamClient.open(session, StreamClient.get(authority, "/other"), true, true);
        assertEquals(200, other.head().getStatus());
    }

    @Test
    void aPeerThatViolatesTheProtocolGetsTheReason() throws Exception {
        StreamClient stream = open(true, VERSION);
        stream.send(RawClient.frame(0x83, "x"), false);
        stream.ended.get(10, TimeUnit.SECONDS);
        byte[] received = stream.received();
        assertEquals((byte) 0x88, received[0]);
        assertEquals(1002, ByteBuffer.wrap(received).getShort(2) & 0xFFFF);
        assertEquals(1002, listener.closeStatus().code());
    }

    @Test
    void theEndOfTheHttp2ConnectionEndsItsStreams() throws Exception {
        open(true, VERSION);
        listener.connection();
        ((HTTP2Session) session).getEndPoint().close();
        assertEquals(1006, listener.closeStatus().code());
    }

    @Test
    void largeMessagesPassInBothDirections() throws Exception {
        handler.handle(
                "/ws",
                accepting(AcceptOptions.builder()
                        .bufferSizes(4096, 16384)
                        .maxMessageBytes(LARGE)
                        .maxFragments(16)
                        .build()));
        StreamClient stream = open(true, VERSION);
        stream.send(RawClient.frame(0x82, new byte[LARGE]), false);
        assertEquals("binary " + LARGE, listener.message());
        CompletableFuture<Throwable> written = new CompletableFuture<>();
        write(
                listener.connection(),
                List.of(text("a"), Frame.of(Frame.Opcode.BINARY, ByteBuffer.allocate(LARGE)), text("b")),
                written::complete);
        await(() -> stream.received().length == 3 + 10 + LARGE + 3);
        assertEquals(null, written.get(10, TimeUnit.SECONDS));
        listener.connection().close(CloseStatus.NORMAL);
        await(() -> stream.received().length == 3 + 10 + LARGE + 3 + 4);
        stream.send(RawClient.close(1000), true);
        assertEquals(1000, listener.closeStatus().code());
    }
}
