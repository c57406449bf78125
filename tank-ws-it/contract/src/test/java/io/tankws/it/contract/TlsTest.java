package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.HandshakeRequest;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.ServerLimits;
import io.tankws.Tls;
import io.tankws.Tls.ClientCertificates;
import io.tankws.TransportSelectionException;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import io.tankws.testkit.TestKeys;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections on Jetty, and their rejection by the other transports. */
class TlsTest {
    @TempDir
    private static Path directory;

    private static Path serverKey;
    private static Path clientKey;
    private static SSLContext trusting;

    private final Manager manager =
            TankWs.builder().greeting("").farewell("").build().start();
    private WebSocketServer server;

    @BeforeAll
    static void makeKeys() throws Exception {
        serverKey = TestKeys.create(directory, "server");
        clientKey = TestKeys.create(directory, "client");
        trusting = TestKeys.trusting(serverKey);
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.stop(Duration.ZERO);
        }
        manager.shutdown(Duration.ZERO);
    }

    private static Tls tls() throws Exception {
        return Tls.of(serverKey, TestKeys.PASSWORD.toCharArray());
    }

    private void serve(Tls tls, ServerLimits limits) {
        server = TankWs.serve("jetty")
                .port(0)
                .tls(tls)
                .limits(limits)
                .handle("/ws", manager::handleConnection)
                .start();
    }

    private void serve(Tls tls) {
        serve(tls, ServerLimits.defaults());
    }

    private TestHandshake to(String userId) {
        return TestClient.to(server, "/ws?user_id=" + userId).trusting(trusting);
    }

    private TestClient connect(String userId) {
        TestClient client = to(userId).connect();
        Await.until("the client " + userId, () -> find(userId) != null);
        return client;
    }

    private io.tankws.Client find(String userId) {
        return manager.clients().stream()
                .filter(client -> client.userId().equals(userId))
                .findFirst()
                .orElse(null);
    }

    @Test
    void textAndBinaryTravelBothWays() throws Exception {
        serve(tls());
        assertTrue(server.isSecure());
        try (TestClient ann = connect("ann");
                TestClient bob = connect("bob")) {
            assertTrue(find("ann").handshakeRequest().isSecure());
            assertEquals(List.of(), find("ann").handshakeRequest().peerCertificates());
            String large = "ü".repeat(32_000);
            ann.sendText(large);
            bob.awaitText(large);
            ann.sendBinary(large.getBytes(StandardCharsets.UTF_8));
            bob.awaitText(large);
            manager.broadcastMessage(new byte[60_000]);
            for (TestClient client : List.of(ann, bob)) {
                assertArrayEquals(new byte[60_000], client.awaitBinary());
            }
            IntStream.range(0, 2000).forEach(i -> ann.sendText("m" + i));
            IntStream.range(0, 2000).forEach(i -> bob.awaitText("m" + i));
            ann.sendPing(new byte[] {7});
            assertArrayEquals(new byte[] {7}, ann.awaitPong());
        }
        Await.until("both to be gone", () -> manager.getClientCount() == 0);
    }

    @Test
    void manyClientsGetABroadcast() throws Exception {
        serve(tls());
        List<TestClient> clients =
                IntStream.range(0, 50).mapToObj(i -> connect("u" + i)).toList();
        IntStream.range(0, 20).forEach(i -> manager.broadcastMessage(i + "x".repeat(10_000)));
        for (TestClient client : clients) {
            IntStream.range(0, 20).forEach(i -> client.awaitText(i + "x".repeat(10_000)));
            client.close();
        }
        Await.until("all to be gone", () -> manager.getClientCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aPeerThatReadsLateGetsAllInOrderAndTheCloseBehind(String protocol) throws Exception {
        ClientLimits limits = ClientLimits.builder()
                .outboxBytes(64 << 20)
                .outboxSoft(64 << 20, Duration.ofMinutes(10))
                .outboxAge(Duration.ofMinutes(10))
                .writeTimeout(Duration.ofMinutes(10))
                .closeTimeout(Duration.ofMinutes(10))
                .build();
        try (Manager roomy = TankWs.builder()
                .greeting("")
                .farewell("")
                .clientLimits(limits)
                .build()
                .start()) {
            server = TankWs.serve("jetty")
                    .port(0)
                    .tls(tls())
                    .handle("/ws", roomy::handleConnection)
                    .start();
            TestClient ann = TestClient.to(server, "/ws?user_id=ann")
                    .trusting(TestKeys.trusting(protocol, serverKey))
                    .connect()
                    .reading(false);
            Await.until("ann", () -> roomy.getClientCount() == 1);
            // Three times the capacity of the buffers of both sides.
            List<String> messages = IntStream.range(0, 800)
                    .mapToObj(i -> i + "x".repeat(i % 8 == 7 ? 120_000 : 100 * (i % 8)))
                    .toList();
            messages.forEach(roomy::broadcastMessage);
            roomy.closeClient("ann", new CloseStatus(4001, "out"));
            assertTrue(roomy.statistics().messagesQueued() > 0);
            ann.reading(true);
            messages.forEach(ann::awaitText);
            assertEquals(4001, ann.awaitClose().code());
        }
    }

    @Test
    void bothSidesClose() throws Exception {
        serve(tls());
        TestClient ann = connect("ann");
        ann.sendClose(new CloseStatus(4000, "bye"));
        assertEquals(4000, ann.awaitClose().code());
        TestClient bob = connect("bob");
        manager.closeClient("bob", new CloseStatus(4001, "out"));
        assertEquals(4001, bob.awaitClose().code());
        TestClient carl = connect("carl");
        carl.sendFrame(3, true, new byte[0]);
        assertEquals(1002, carl.awaitClose().code());
        Await.until(
                "all to be gone", () -> manager.statistics().closes().keySet().equals(Set.of(1002, 4000, 4001)));
    }

    @Test
    void aPeerOfTls12CanAnswerAClose() throws Exception {
        serve(tls());
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        TestClient ann = TestClient.to(server, "/ws?user_id=ann")
                .trusting(TestKeys.trusting("TLSv1.2", serverKey))
                .connect()
                .answeringClose(false);
        Await.until("ann", () -> find("ann") != null);
        find("ann").close(new CloseStatus(4001, "out"));
        // The server has time to notice the end of one direction, and its answer has time to fail.
        try (TestClient bob = connect("bob")) {
            IntStream.range(0, 100).forEach(i -> {
                manager.broadcastMessage("m" + i);
                bob.awaitText("m" + i);
            });
            ann.sendClose(new CloseStatus(4002, ""));
            ConnectionEvent end = events.await(
                    "the end",
                    event -> event instanceof ConnectionEvent.Disconnected
                            && event.client().userId().equals("ann"));
            assertEquals(4002, ((ConnectionEvent.Disconnected) end).status().code());
            assertEquals(4001, ann.awaitClose().code());
        }
    }

    /** In TLS 1.2 the end of one direction ends both. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatEndsItsHalfBehindItsCloseGetsAll(boolean atOnce) throws Exception {
        ClientLimits limits = ClientLimits.builder()
                .outboxBytes(64 << 20)
                .outboxSoft(64 << 20, Duration.ofMinutes(10))
                .outboxAge(Duration.ofMinutes(10))
                .writeTimeout(Duration.ofMinutes(10))
                .closeTimeout(Duration.ofMinutes(10))
                .build();
        byte[] message = new byte[300_000];
        int messages = 40;
        try (Manager roomy = TankWs.builder()
                        .greeting("")
                        .farewell("")
                        .clientLimits(limits)
                        .build()
                        .start();
                Socket socket = trusting.getSocketFactory().createSocket()) {
            server = TankWs.serve("jetty")
                    .port(0)
                    .tls(tls())
                    .handle("/ws", roomy::handleConnection)
                    .start();
            socket.connect(server.address());
            socket.setSoTimeout(120_000);
            socket.getOutputStream()
                    .write(("GET /ws?user_id=ann HTTP/1.1\r\nHost: localhost:" + server.port()
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += (char) in.readUnsignedByte();
            }
            Await.until("ann", () -> roomy.getClientCount() == 1);
            for (int i = 0; i < messages; i++) {
                roomy.broadcastMessage(message);
            }
            assertTrue(roomy.statistics().messagesQueued() > 0);
            byte[] close = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xE8};
            byte[] pong = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};
            socket.getOutputStream().write(close);
            if (!atOnce) {
                socket.getOutputStream().write(pong);
                in.skipNBytes(1000);
            }
            socket.shutdownOutput();
            long received = in.transferTo(OutputStream.nullOutputStream()) + (atOnce ? 0 : 1000);
            // Each message has a header of 10 bytes. The close frame follows them.
            assertEquals(messages * (message.length + 10L) + 4, received);
        }
    }

    @Test
    void aClientOfTheJdkIsServed() throws Exception {
        serve(tls());
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket ann = HttpClient.newBuilder()
                .sslContext(trusting)
                .build()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("wss://localhost:" + server.port() + "/ws?user_id=ann"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                                received.add(data.toString());
                                socket.request(1);
                                return null;
                            }
                        })
                .get(10, TimeUnit.SECONDS);
        ann.sendText("sub:t", true).get(10, TimeUnit.SECONDS);
        Await.until("the subscription", () -> manager.getTopicSubscriberCount("t") == 1);
        manager.broadcastTopicMessage("t", "hello");
        assertEquals("{\"topic\":\"t\",\"data\":\"hello\"}", received.poll(10, TimeUnit.SECONDS));
        ann.sendClose(1000, "").get(10, TimeUnit.SECONDS);
        Await.until("ann to be gone", () -> manager.getClientCount() == 0);
    }

    @Test
    void theSameOriginIsHttps() throws Exception {
        serve(tls());
        String host = "127.0.0.1:" + server.port();
        assertEquals(101, to("ann").origin("https://" + host).awaitReply().status());
        assertEquals(403, to("ann").origin("http://" + host).awaitReply().status());
    }

    /** The subject of the client certificate is the identity of the client. */
    private static Authentication byCertificate(HandshakeRequest request) {
        return Authentication.accepted(new Identity(
                request.peerCertificates().isEmpty()
                        ? "stranger"
                        : request.peerCertificates()
                                .get(0)
                                .getSubjectX500Principal()
                                .getName()));
    }

    @Test
    void aClientCertificateIsAnIdentity() throws Exception {
        manager.setAuthenticator(Authenticator.of(TlsTest::byCertificate));
        serve(Tls.of(TestKeys.presenting(serverKey, clientKey)).withClientCertificates(ClientCertificates.OPTIONAL));
        try (TestClient stranger =
                        TestClient.to(server, "/ws").trusting(trusting).connect();
                TestClient known = TestClient.to(server, "/ws")
                        .trusting(TestKeys.presenting(clientKey, serverKey))
                        .connect()) {
            Await.until("both", () -> find("stranger") != null && find("CN=client") != null);
            stranger.sendText("hello");
            known.awaitText("hello");
        }
    }

    @Test
    void aClientCertificateMayBeRequired() throws Exception {
        manager.setAuthenticator(Authenticator.of(TlsTest::byCertificate));
        serve(Tls.of(TestKeys.presenting(serverKey, clientKey)).withClientCertificates(ClientCertificates.REQUIRED));
        assertThrows(
                UncheckedIOException.class,
                () -> TestClient.to(server, "/ws").trusting(trusting).awaitReply());
        SSLContext wrong = TestKeys.presenting(serverKey, serverKey);
        assertThrows(
                UncheckedIOException.class,
                () -> TestClient.to(server, "/ws").trusting(wrong).awaitReply());
        TestClient known = TestClient.to(server, "/ws")
                .trusting(TestKeys.presenting(clientKey, serverKey))
                .connect();
        Await.until("the client", () -> find("CN=client") != null);
        assertEquals(1, manager.getClientCount());
        known.close();
    }

    @Test
    void aClientWithoutTlsHarmsNoOtherClient() throws Exception {
        serve(tls());
        try (TestClient ann = connect("ann");
                TestClient bob = connect("bob")) {
            for (int i = 0; i < 20; i++) {
                TestHandshake plain = TestClient.to(server, "/ws");
                assertThrows(UncheckedIOException.class, plain::awaitReply);
            }
            ann.sendText("still here");
            bob.awaitText("still here");
            assertEquals(2, manager.getClientCount());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoNeverEndsTheTlsHandshakeIsCutOff(boolean drips) throws Exception {
        serve(
                tls(),
                ServerLimits.builder().handshakeTimeout(Duration.ofMillis(500)).build());
        byte[] begin = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
        try (Socket socket = new Socket("127.0.0.1", server.port());
                TestClient ann = connect("ann")) {
            int[] sent = {0};
            Await.until("the cut", () -> isCut(socket, drips && sent[0] < 400 ? begin[Math.min(sent[0]++, 10)] : -1));
            manager.broadcastMessage("still here");
            ann.awaitText("still here");
        }
    }

    /** Sends a byte unless it is negative, then waits a short time for the end of the connection. */
    private static boolean isCut(Socket socket, int next) {
        try {
            if (next >= 0) {
                socket.getOutputStream().write(next);
            }
            socket.setSoTimeout(20);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void stoppingFreesThePortUnderConnectedClients() throws Exception {
        serve(tls());
        List<TestClient> clients =
                IntStream.range(0, 10).mapToObj(i -> connect("u" + i)).toList();
        int port = server.port();
        server.stop(Duration.ofSeconds(5));
        for (TestClient client : clients) {
            assertEquals(1001, client.awaitClose().code());
        }
        new ServerSocket(port).close();
        Await.until("all to be gone", () -> manager.getClientCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java-websocket", "in-memory"})
    void transportsWithoutTlsDoNotStart(String transport) throws Exception {
        WebSocketServer.Builder builder = TankWs.serve(transport).port(0).tls(tls());
        TransportSelectionException refused = assertThrows(TransportSelectionException.class, builder::start);
        assertEquals(
                "the " + transport + " transport cannot encrypt connections with TLS, but Builder.tls requests it;"
                        + " use a transport that can, such as jetty of io.tankws:tank-ws-transport-jetty,"
                        + " or put a TLS proxy in front of this server",
                refused.getMessage());
    }
}
