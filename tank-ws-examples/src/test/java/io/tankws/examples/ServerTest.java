package io.tankws.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.tankws.ListenException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The example server, through the clients of the JDK. */
class ServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int WAIT_SECONDS = 60;

    private Server server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(String... more) throws UsageException {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"--port", "0", "--http-port", "0"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        server = Server.start(arguments);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                .timeout(Duration.ofSeconds(WAIT_SECONDS));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private int post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    /** A client that keeps the texts that it receives. */
    private final class Peer implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final WebSocket socket;

        Peer(String query, String... headers) {
            WebSocket.Builder builder = HTTP.newWebSocketBuilder();
            for (int i = 0; i < headers.length; i += 2) {
                builder.header(headers[i], headers[i + 1]);
            }
            socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/ws" + query), this)
                    .join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            texts.add(data.toString());
            from.request(1);
            return null;
        }

        String next() throws InterruptedException {
            return texts.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        }

        void subscribe(String topic) throws Exception {
            socket.sendText("sub:" + topic, true).get(WAIT_SECONDS, TimeUnit.SECONDS);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (server.manager().getTopicSubscriberCount(topic) == 0) {
                assertTrue(System.nanoTime() < deadline, "not subscribed in time");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void publishesAndBroadcastsByHttp(String transport) throws Exception {
        start("--transport", transport);
        Peer ann = new Peer("?user_id=ann");
        assertEquals("Hello, ann! Welcome to WebSocket server.", ann.next());
        ann.subscribe("a/b +ü");
        assertEquals(202, post("/publish/a%2Fb%20+%C3%BC", "Grüße"));
        assertEquals("{\"topic\":\"a/b +ü\",\"data\":\"Grüße\"}", ann.next());
        assertEquals(202, post("/broadcast", "to all"));
        assertEquals("to all", ann.next());
        server.close();
        assertEquals("Server is shutting down", ann.next());
    }

    @Test
    void countsInJson() throws Exception {
        start();
        Peer ann = new Peer("?user_id=ann");
        ann.subscribe("news");
        HttpResponse<String> response = send(request("/stats"));
        assertEquals(200, response.statusCode());
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(
                response.body().startsWith("{\"clients\":1,\"topics\":{\"news\":1},\"uptimeSeconds\":"),
                response.body());
        try (JsonParser json = new JsonFactory().createParser(response.body())) {
            while (json.nextToken() != null) {
                // Reading to the end checks that the response is one JSON value.
            }
        }
    }

    @Test
    void returnsEventsAndErrorsAfterANumber() throws Exception {
        start();
        Peer ann = new Peer("?user_id=ann");
        ann.subscribe("news");
        ann.socket.sendText("sub:", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        String body = "";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!body.contains("\"kind\":\"error 1008\"")) {
            assertTrue(System.nanoTime() < deadline, body);
            body = send(request("/events?after=0")).body();
        }
        assertTrue(body.contains("\"kind\":\"subscribe\",\"user\":\"ann\",\"detail\":\"news\""), body);
        assertTrue(send(request("/events?after=999")).body().contains("\"events\":[]"));
    }

    @Test
    void answersEveryWrongRequest() throws Exception {
        start("--max-message", "10");
        assertEquals(404, send(request("/other")).statusCode());
        HttpResponse<String> get = send(request("/broadcast"));
        assertEquals(405, get.statusCode());
        assertEquals("POST", get.headers().firstValue("Allow").orElseThrow());
        assertEquals(405, post("/stats", ""));
        assertEquals(202, post("/broadcast", "0123456789"));
        assertEquals(413, post("/broadcast", "0123456789x"));
        assertEquals(400, post("/publish/", "x"));
        assertEquals(400, post("/publish/" + "x".repeat(256), "x"));
        byte[] notUtf8 = {(byte) 0xFF};
        assertEquals(
                400,
                send(request("/broadcast").POST(HttpRequest.BodyPublishers.ofByteArray(notUtf8)))
                        .statusCode());
    }

    @Test
    void bodiesThatNeverComeDoNotBlockThePort() throws Exception {
        start();
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket("127.0.0.1", server.httpPort());
                stalled.add(socket);
                socket.getOutputStream()
                        .write("POST /broadcast HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
                                .getBytes(UTF_8));
            }
            assertEquals(200, send(request("/stats")).statusCode());
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void pagesOfOtherSitesMayNeitherPostNorConnect() throws Exception {
        start("--origins", "https://friend.example");
        String own = "http://127.0.0.1:" + server.httpPort();
        String localhost = "http://localhost:" + server.httpPort();
        for (String origin : new String[] {own, "https://friend.example"}) {
            assertEquals(202, postFrom(origin), origin);
            new Peer("", "Origin", origin).socket.abort();
        }
        new Peer("", "Origin", localhost).socket.abort();
        for (String origin : new String[] {"http://evil.example", "null", "http://127.0.0.1:1"}) {
            assertEquals(403, postFrom(origin), origin);
            assertEquals(403, refused("", "Origin", origin), origin);
        }
    }

    private HttpResponse<String> statsFrom(String method, String origin) throws Exception {
        return send(request("/stats").header("Origin", origin).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void onlyPagesOfAllowedOriginsMayReadTheCounts() throws Exception {
        start("--origins", "https://friend.example", "--token", "s3cret");
        String allowed = "Access-Control-Allow-Origin";
        for (String method : new String[] {"GET", "OPTIONS"}) {
            HttpHeaders friend = statsFrom(method, "https://friend.example").headers();
            assertEquals("https://friend.example", friend.firstValue(allowed).orElseThrow());
            assertEquals("Origin", friend.firstValue("Vary").orElseThrow());
            for (String origin : new String[] {"http://evil.example", "null"}) {
                assertFalse(statsFrom(method, origin).headers().map().containsKey(allowed), origin);
            }
        }
        HttpResponse<String> preflight = statsFrom("OPTIONS", "https://friend.example");
        assertEquals(204, preflight.statusCode());
        assertEquals(
                "Authorization",
                preflight.headers().firstValue("Access-Control-Allow-Headers").orElseThrow());
        assertEquals(405, statsFrom("OPTIONS", "http://evil.example").statusCode());
    }

    @Test
    void aStandaloneServerReportsNoCluster() throws Exception {
        start();
        assertFalse(send(request("/stats")).body().contains("cluster"));
        assertFalse(send(request("/events")).body().contains("cluster"));
    }

    private int postFrom(String origin) throws Exception {
        return send(request("/broadcast").header("Origin", origin).POST(HttpRequest.BodyPublishers.ofString("x")))
                .statusCode();
    }

    private int refused(String query, String... headers) {
        CompletionException e = assertThrows(CompletionException.class, () -> new Peer(query, headers));
        return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }

    @Test
    void aTokenIsRequiredEverywhere() throws Exception {
        start("--token", "s3cret");
        assertEquals(401, refused(""));
        assertEquals(401, refused("?token=wrong"));
        new Peer("?token=s3cret").socket.abort();
        assertEquals(401, post("/broadcast", "x"));
        assertEquals(202, post("/broadcast?token=s3cret", "x"));
        assertEquals(401, send(request("/stats")).statusCode());
        assertEquals(
                200,
                send(request("/stats").header("Authorization", "Bearer s3cret")).statusCode());
        assertEquals(200, send(request("/")).statusCode());
    }

    @Test
    void thePageAllowsNothingFromElsewhere() throws Exception {
        start("--path", "/chat");
        HttpResponse<String> page = send(request("/"));
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'"), policy);
        assertTrue(page.body().contains("data-port=\"" + server.port() + "\" data-path=\"/chat\""));
        assertFalse(page.body().contains("{{"));
        assertFalse(page.body().matches("(?s).*(src|href)=\"?https?:.*"));
    }

    @Test
    void thePageOfTwoNodesConnectsToConfiguredNodesOnly() throws Exception {
        start("--peers", "127.0.0.1:8083,[::1]:8085");
        String own = "connect-src 'self' ws://127.0.0.1:" + server.port();
        for (String query : new String[] {"", "?peer=evil.example", "?peer=evil.example&peers=evil.example&topic=x"}) {
            HttpResponse<String> page = send(request("/nodes" + query));
            assertEquals(200, page.statusCode());
            String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
            String sources = own + " http://127.0.0.1:8083 ws://127.0.0.1:* http://[::1]:8085 ws://*:*; img-src";
            assertTrue(policy.contains(sources), policy);
            assertTrue(page.body().contains("data-peers=\"127.0.0.1:8083 [::1]:8085\""));
            assertFalse(page.body().contains("evil"), query);
            assertFalse(page.body().contains("location.search"));
            assertFalse(page.body().contains("{{"));
        }
        String policy = send(request("/"))
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow();
        assertTrue(policy.contains(own + "; img-src"), policy);
    }

    /** Sends a request unchanged, and returns the status of the response, or 0 without a response. */
    private int rawStatus(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.httpPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW"})
    void everyMethodIsRefusedForAnotherHost(String method) throws Exception {
        start("--hosts", "chat.example.org");
        String port = ":" + server.httpPort();
        for (String path : new String[] {"/", "/nodes", "/stats", "/events", "/publish/news", "/broadcast", "/other"}) {
            String start = method + " " + path + " HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n";
            for (String host : new String[] {
                "evil.example" + port, "EVIL.example.", "localhost.evil.example" + port, "192.0.2.7" + port, "0.0.0.0"
            }) {
                String origin = "Origin: http://" + host + "\r\n";
                assertEquals(421, rawStatus(start + "Host: " + host + "\r\n\r\n"), path + " " + host);
                assertEquals(421, rawStatus(start + origin + "Host: " + host + "\r\n\r\n"), path + " " + host);
            }
            for (String hosts : new String[] {
                "",
                "Host: localhost\r\nHost: evil.example\r\n",
                "Host: evil.example\r\nHost: localhost\r\n",
                "Host: localhost@evil.example\r\n",
                "Host: %6cocalhost\r\n",
                "Host: localhost:1:2\r\n",
                "Host: \r\n"
            }) {
                int status = rawStatus(start + hosts + "\r\n");
                // Jetty may close such a connection before its answer has left.
                assertTrue(status == 0 || status == 400 || status == 421, hosts + ": " + status);
            }
            int absolute = rawStatus(start.replace(path + " ", "http://evil.example" + port + path + " ")
                    + "Host: localhost" + port + "\r\n\r\n");
            assertTrue(absolute == 0 || absolute == 400 || absolute == 421, path + ": " + absolute);
            for (String host :
                    new String[] {"LOCALHOST" + port, "localhost.", "127.0.0.1", "[::1]" + port, "chat.example.org"}) {
                int status = rawStatus(start + "Host: " + host + "\r\n\r\n");
                assertTrue(status != 400 && status != 421, path + " " + host + ": " + status);
            }
        }
    }

    @Test
    void theRefusalOfAHostNamesTheOption() throws Exception {
        start();
        try (Socket socket = new Socket("127.0.0.1", server.httpPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /stats HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertTrue(answer.contains("--hosts NAME"), answer);
            assertFalse(answer.contains("evil.example"), answer);
        }
    }

    /** Subscribes to so many topics that the counts are long. */
    private void fillTopics() throws Exception {
        for (int i = 0; i < 3; i++) {
            Peer peer = new Peer("?user_id=user" + i);
            for (int k = 0; k < 128; k++) {
                String topic = i + "-" + k + "-" + "x".repeat(240);
                peer.socket.sendText("sub:" + topic, true).get(WAIT_SECONDS, TimeUnit.SECONDS);
            }
        }
        Await.until("all topics", () -> server.manager().getAllTopics().size() == 3 * 128);
    }

    /** Each silent peer requests far more than the buffers of its connection hold, and reads nothing. */
    @Test
    void peersThatReadNothingDoNotBlockThePort() throws Exception {
        start();
        fillTopics();
        byte[] many =
                "GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200).getBytes(UTF_8);
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                SocketChannel socket = SocketChannel.open();
                silent.add(socket);
                socket.setOption(StandardSocketOptions.SO_RCVBUF, 1024);
                socket.connect(new InetSocketAddress("127.0.0.1", server.httpPort()));
                socket.configureBlocking(false);
                socket.write(ByteBuffer.wrap(many));
            }
            for (int i = 0; i < 500; i++) {
                assertEquals(404, send(request("/other")).statusCode());
            }
            assertEquals(200, send(request("/stats")).statusCode());
            assertEquals(202, post("/publish/news", "x"));
        } finally {
            for (SocketChannel socket : silent) {
                socket.close();
            }
        }
    }

    /**
     * New connections displace those that have waited longest, so they are answered however many peers hold
     * connections.
     */
    @Test
    void connectionsBeyondTheBoundDisplaceTheOldest() throws Exception {
        start();
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < HttpLimits.MAX_CONNECTIONS + 20; i++) {
                Socket socket = new Socket("127.0.0.1", server.httpPort());
                held.add(socket);
                socket.getOutputStream().write("GET /st".getBytes(UTF_8));
            }
            assertEquals(200, send(request("/stats")).statusCode());
            held.get(0).setSoTimeout(10_000);
            assertTrue(isEnded(held.get(0)));
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void aHeadThatArrivesTooSlowlyClosesItsConnection() throws Exception {
        start();
        try (Socket socket = new Socket("127.0.0.1", server.httpPort())) {
            socket.setSoTimeout(100);
            socket.getOutputStream().write("GET /stats HTTP/1.1\r\nX: ".getBytes(UTF_8));
            Await.until("the end", () -> {
                try {
                    socket.getOutputStream().write('x');
                    return isEnded(socket);
                } catch (SocketTimeoutException open) {
                    return false;
                } catch (SocketException ended) {
                    return true;
                }
            });
        }
    }

    @Test
    void theCountsAreBoundedHoweverManyTopicsThereAre() throws Exception {
        start();
        fillTopics();
        String stats = send(request("/stats")).body();
        assertTrue(stats.length() < 40 * 1024, () -> "" + stats.length());
        assertTrue(stats.contains("\"topicsOmitted\":"), stats.substring(stats.length() - 500));
    }

    @Test
    void namesOnThePageAreEscaped() throws Exception {
        start();
        new Peer("?user_id=%E2%80%AEeve%C2%85%E2%80%A8x");
        Await.until("the event", () -> send(request("/events")).body().contains("eve"));
        String body = send(request("/events")).body();
        assertTrue(body.contains("\"user\":\"\\\\u202Eeve\\\\u0085\\\\u2028x\""), body);
    }

    @Test
    void aBusyPortIsNamedAndNothingIsLeftOpen() throws Exception {
        start();
        String port = String.valueOf(server.port());
        ListenException e = assertThrows(ListenException.class, () -> Server.start("--port", port, "--http-port", "0"));
        assertTrue(e.getMessage().contains("127.0.0.1:" + port), e.getMessage());
        String httpPort = String.valueOf(server.httpPort());
        ListenException second =
                assertThrows(ListenException.class, () -> Server.start("--port", "0", "--http-port", httpPort));
        assertTrue(second.getMessage().contains("127.0.0.1:" + httpPort), second.getMessage());
    }

    @Test
    void printsItsAddresses() throws UsageException {
        start();
        assertEquals(
                List.of(
                        "listening on ws://127.0.0.1:" + server.port() + "/ws",
                        "page on http://127.0.0.1:" + server.httpPort() + "/"),
                server.startupLines());
    }

    @ParameterizedTest
    @CsvSource({
        "::1,[::1]",
        "[::1],[::1]",
        "0:0:0:0:0:0:0:1,[::1]",
        "::,127.0.0.1",
        "[::],127.0.0.1",
        "0.0.0.0,127.0.0.1",
        "127.0.0.1,127.0.0.1",
        "localhost,127.0.0.1"
    })
    void theUrlsThatItPrintsCanBeOpened(String host, String named) throws Exception {
        start("--host", host);
        List<String> lines = server.startupLines();
        URI page = URI.create(lines.get(1).substring("page on ".length()));
        assertEquals(named.replace("::1", "0:0:0:0:0:0:0:1"), page.getHost());
        assertEquals(200, send(HttpRequest.newBuilder(page)).statusCode());
        URI socket = URI.create(lines.get(0).substring("listening on ".length()));
        HTTP.newWebSocketBuilder()
                .buildAsync(socket, new WebSocket.Listener() {})
                .get(WAIT_SECONDS, TimeUnit.SECONDS)
                .abort();
    }

    @Test
    void theSchemeOfATokenHasNoCaseAndIsNamedInEachRefusal() throws Exception {
        start("--token", "s3cret");
        for (String scheme : List.of("Bearer", "bearer", "BEARER", "bEaReR")) {
            new Peer("", "Authorization", scheme + " s3cret").socket.abort();
            assertEquals(
                    200,
                    send(request("/stats").header("Authorization", scheme + " s3cret"))
                            .statusCode());
        }
        WebSocketHandshakeException refused = (WebSocketHandshakeException)
                assertThrows(CompletionException.class, () -> new Peer("")).getCause();
        assertEquals(401, refused.getResponse().statusCode());
        assertEquals(List.of("Bearer"), refused.getResponse().headers().allValues("WWW-Authenticate"));
        assertEquals(List.of("Bearer"), send(request("/stats")).headers().allValues("WWW-Authenticate"));
    }
}
