package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.TestKeys;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real nginx that terminates TLS in front of the example server, as docs/guide/proxies.md configures it. */
class NginxTest {
    private static final String HANDSHAKE = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    @TempDir
    private static Path keys;

    private static Path keyStore;

    @TempDir
    private Path directory;

    private Server server;
    private Nginx nginx;

    @BeforeAll
    static void makeKey() throws Exception {
        keyStore = TestKeys.create(keys, "chat");
    }

    private void start(String... options) throws Exception {
        server = Server.start(options);
        nginx = new Nginx(directory, keyStore, server);
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** Returns the status line, or the whole response if its connection ends. */
    private String exchange(String request, String headers, boolean whole) throws Exception {
        try (Socket socket = nginx.connect()) {
            String head = request + " HTTP/1.1\r\n" + headers + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return whole ? in.lines().collect(Collectors.joining("\n")) : in.readLine();
        }
    }

    private String handshake(String origin, String more) throws Exception {
        return exchange(
                "GET /chat/ws?user_id=ann",
                host("chat.example.org") + "Origin: " + origin + "\r\n" + HANDSHAKE + more,
                false);
    }

    private String host(String name) {
        return "Host: " + name + ":" + nginx.port() + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void thePageOfTheProxyMayConnectAndNoOther(String transport) throws Exception {
        start("--port", "0", "--http-port", "0", "--transport", transport, "--trusted-proxies", "127.0.0.1");
        String origin = "https://chat.example.org:" + nginx.port();
        assertEquals("HTTP/1.1 101 Switching Protocols", handshake(origin, ""));
        // The headers that a client sends itself do not count.
        String claims = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: evil.example\r\n"
                + "Forwarded: for=192.0.2.1;proto=http;host=evil.example\r\n";
        assertEquals("HTTP/1.1 101 Switching Protocols", handshake(origin, claims));
        for (String other : new String[] {
            "http://chat.example.org:" + nginx.port(), "https://chat.example.org", "https://evil.example", "null"
        }) {
            assertEquals("HTTP/1.1 403 Forbidden", handshake(other, ""), other);
            assertEquals("HTTP/1.1 403 Forbidden", handshake(other, claims), other);
        }
        String elsewhere = exchange("GET /chat/ws", host("evil.example") + HANDSHAKE, false);
        assertTrue(elsewhere.startsWith("HTTP/1.1 421"), elsewhere);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void withoutTrustItsPagesAreRefused(String transport) throws Exception {
        start("--port", "0", "--http-port", "0", "--transport", transport);
        assertEquals("HTTP/1.1 403 Forbidden", handshake("https://chat.example.org:" + nginx.port(), ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat/", "/chat/nodes"})
    void thePageStandsUnderThePrefix(String path) throws Exception {
        start("--port", "0", "--http-port", "0", "--trusted-proxies", "127.0.0.1,::1");
        String page = exchange("GET " + path, host("chat.example.org") + "Connection: close\r\n", true);
        assertTrue(page.startsWith("HTTP/1.1 200 OK"), page);
        assertTrue(page.contains("connect-src 'self' wss://chat.example.org:" + nginx.port() + " "), page);
        String posted = exchange(
                "POST /chat/publish/news",
                host("chat.example.org") + "Origin: https://chat.example.org:" + nginx.port()
                        + "\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
                true);
        assertTrue(posted.startsWith("HTTP/1.1 202"), posted);
    }
}
