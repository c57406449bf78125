package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.HandshakeRequest;
import io.tankws.HostRule;
import io.tankws.Manager;
import io.tankws.TrustedProxies;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients behind proxies, whose headers count only where the peer of the connection is a trusted proxy. */
abstract class ProxyContract extends ContractTestBase {
    private static final TrustedProxies LOCAL = TrustedProxies.of("127.0.0.1", "::1", "10.0.0.0/8");

    private final AtomicInteger users = new AtomicInteger();

    ProxyContract(ContractFixture fixture) {
        super(fixture);
    }

    private WebSocketServer serve(Manager manager, TrustedProxies proxies) {
        return closing(fixture()
                .server()
                .port(0)
                .trustedProxies(proxies)
                .handle("/ws", manager)
                .handle("/route", manager::handleConnection)
                .start());
    }

    /** A handshake with headers that alternate with their values. */
    private static TestHandshake with(TestHandshake handshake, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            handshake.header(headers[i], headers[i + 1]);
        }
        return handshake;
    }

    /** Returns the request as the manager sees it. */
    private HandshakeRequest receivedRequest(Manager manager, WebSocketServer server, String... headers) {
        String user = "user" + users.incrementAndGet();
        closing(with(TestClient.to(server, "/ws?user_id=" + user), headers).connect());
        Client client = find(manager, user);
        return client.handshakeRequest();
    }

    private String address(Manager manager, WebSocketServer server, String... headers) {
        return receivedRequest(manager, server, headers)
                .remoteAddress()
                .getAddress()
                .getHostAddress();
    }

    private static void assertMalformed(WebSocketServer server, String... headers) {
        assertEquals(
                400,
                with(TestClient.to(server, "/ws"), headers).awaitReply().status(),
                () -> String.join(" ", headers));
    }

    @Test
    void thePageOfATlsProxyIsOfTheSameOrigin() {
        WebSocketServer server = serve(start(), LOCAL);
        for (String path : List.of("/ws", "/route")) {
            for (List<String> headers : List.of(
                    List.of("X-Forwarded-Proto", "https", "X-Forwarded-Host", "chat.example"),
                    List.of("X-Forwarded-Proto", "wss", "X-Forwarded-Host", "Chat.Example:443"),
                    List.of("Forwarded", "for=192.0.2.1;proto=https;host=chat.example"),
                    List.of("Forwarded", "Proto=HTTPS; Host=\"chat.example:443\""))) {
                String[] forwarded = headers.toArray(String[]::new);
                assertEquals(101, origin(server, path, "https://chat.example", forwarded), headers.toString());
                for (String other : List.of(
                        "http://chat.example",
                        "https://chat.example:8443",
                        "https://evil.example",
                        "https://127.0.0.1:" + server.port(),
                        "http://127.0.0.1:" + server.port())) {
                    assertEquals(403, origin(server, path, other, forwarded), other);
                }
            }
        }
    }

    private static int origin(WebSocketServer server, String path, String origin, String... headers) {
        return with(TestClient.to(server, path), headers)
                .origin(origin)
                .awaitReply()
                .status();
    }

    @Test
    void withoutAForwardedHostTheHostStays() {
        WebSocketServer server = serve(start(), LOCAL);
        if (server.isSecure()) {
            // TLS refuses a host that is not in the server's certificate.
            return;
        }
        TestHandshake handshake = TestClient.to(server, "/ws").without("Host").header("Host", "chat.example");
        assertEquals(
                101,
                with(handshake, "X-Forwarded-Proto", "https")
                        .origin("https://chat.example")
                        .awaitReply()
                        .status());
    }

    @Test
    void byDefaultAndFromOtherPeersNothingIsTaken() {
        Manager manager = start();
        for (TrustedProxies proxies :
                List.of(TrustedProxies.none(), TrustedProxies.of("192.0.2.0/24", "2001:db8::/32", "127.0.0.2"))) {
            WebSocketServer server = serve(manager, proxies);
            String[] headers = {
                "Forwarded",
                "for=198.51.100.7;host=chat.example;proto=" + (server.isSecure() ? "http" : "https"),
                "X-Forwarded-For",
                "nonsense"
            };
            HandshakeRequest request = receivedRequest(manager, server, headers);
            assertTrue(request.remoteAddress().getAddress().isLoopbackAddress());
            assertEquals(server.isSecure(), request.isSecure());
            assertEquals("127.0.0.1:" + server.port(), request.header("Host").orElseThrow());
            assertEquals(403, origin(server, "/ws", "https://chat.example", headers));
        }
    }

    @Test
    void theAddressIsTheFirstFromTheRightThatIsNotTrusted() {
        Manager manager = start();
        WebSocketServer server = serve(manager, LOCAL);
        assertEquals("198.51.100.7", address(manager, server, "X-Forwarded-For", "198.51.100.7"));
        assertEquals("198.51.100.7", address(manager, server, "X-Forwarded-For", "1.1.1.1, 198.51.100.7"));
        assertEquals(
                "198.51.100.7", address(manager, server, "X-Forwarded-For", "junk, 198.51.100.7,10.1.2.3 , 10.9.9.9"));
        assertEquals(
                "198.51.100.7",
                address(manager, server, "X-Forwarded-For", "10.0.0.1", "X-Forwarded-For", "198.51.100.7, 10.0.0.2"));
        assertEquals("10.0.0.1", address(manager, server, "X-Forwarded-For", "10.0.0.1, 10.0.0.2"));
        assertEquals("2001:db8:0:0:0:0:0:1", address(manager, server, "X-Forwarded-For", "2001:db8::1"));
        assertEquals("2001:db8:0:0:0:0:0:1", address(manager, server, "X-Forwarded-For", "[2001:db8::1]:4711"));
        assertEquals("198.51.100.7", address(manager, server, "X-Forwarded-For", "198.51.100.7:4711"));
        assertEquals("198.51.100.7", address(manager, server, "X-Forwarded-For", "8.8.8.8, ::ffff:198.51.100.7"));
        assertEquals("198.51.100.7", address(manager, server, "X-Forwarded-For", "198.51.100.7, ::ffff:10.0.0.1"));
        assertEquals("198.51.100.7", address(manager, server, "Forwarded", "for=198.51.100.7"));
        assertEquals(
                "198.51.100.7",
                address(manager, server, "Forwarded", "for=1.1.1.1, for=198.51.100.7;by=x , FOR=\"10.0.0.2:_p\""));
        assertEquals(
                "2001:db8:0:0:0:0:0:1",
                address(
                        manager,
                        server,
                        "Forwarded",
                        "for=\"[2001:db8::1]:99\"",
                        "Forwarded",
                        "for=10.0.0.1;ext=\"a,b;\\\"c\""));
        assertEquals("198.51.100.7", address(manager, server, "Forwarded", "for=\"198.51.100\\.7\""));
    }

    @Test
    void aHiddenAddressEndsTheReading() {
        Manager manager = start();
        WebSocketServer server = serve(manager, LOCAL);
        for (String hidden : List.of("unknown", "_hidden", "_SEVKISEK", "Unknown")) {
            assertEquals("127.0.0.1", address(manager, server, "Forwarded", "for=1.1.1.1, for=" + hidden));
            assertEquals("10.0.0.3", address(manager, server, "Forwarded", "for=" + hidden + ", for=10.0.0.3"));
            assertEquals("127.0.0.1", address(manager, server, "X-Forwarded-For", "1.1.1.1, " + hidden));
        }
        assertEquals("127.0.0.1", address(manager, server, "Forwarded", "for=1.1.1.1, proto=https"));
        assertEquals("127.0.0.1", address(manager, server, "X-Forwarded-Proto", "https"));
        assertEquals("127.0.0.1", address(manager, server, "X-Forwarded-For", " ", "Forwarded", ""));
    }

    @Test
    void schemeAndHostAreThoseOfTheOutermostTrustedProxy() {
        Manager manager = start();
        WebSocketServer server = serve(manager, LOCAL);
        for (String[] headers : new String[][] {
            {
                "Forwarded",
                "for=1.1.1.1;proto=http;host=evil.example, for=198.51.100.7;proto=https;host=a.example, for=10.0.0.1;proto=http;host=b.internal"
            },
            {"Forwarded", "for=198.51.100.7;proto=https;host=a.example, for=10.0.0.1"},
            {"Forwarded", "for=198.51.100.7, for=10.0.0.1;proto=https;host=a.example"},
            {
                "X-Forwarded-For",
                "1.1.1.1, 198.51.100.7, 10.0.0.1",
                "X-Forwarded-Proto",
                "http, https, http",
                "X-Forwarded-Host",
                "evil.example, a.example, b.internal"
            },
            {"X-Forwarded-For", "198.51.100.7, 10.0.0.1", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "a.example"
            },
            {
                "X-Forwarded-For",
                "198.51.100.7",
                "X-Forwarded-Proto",
                "http, https",
                "X-Forwarded-Host",
                "evil.example,a.example"
            },
        }) {
            HandshakeRequest request = receivedRequest(manager, server, headers);
            assertEquals("198.51.100.7", request.remoteAddress().getAddress().getHostAddress(), headers[1]);
            assertTrue(request.isSecure(), headers[1]);
            assertEquals("a.example", request.header("Host").orElseThrow(), headers[1]);
        }
        assertFalse(
                receivedRequest(manager, server, "X-Forwarded-Proto", "http").isSecure());
    }

    @Test
    void aMalformedValueIsABadRequest() {
        WebSocketServer server = serve(start(), LOCAL);
        for (String address : List.of(
                "nonsense",
                "localhost",
                "198.51.100",
                "198.51.100.256",
                "198.51.100.07",
                "198.51.100.7:",
                "198.51.100.7:99999",
                "198.51.100.7:x",
                "198.51.100.7%0",
                "198.51.100.7 198.51.100.8",
                "0x7f000001",
                "2130706433",
                "2001:db8::1::2",
                "[2001:db8::1",
                "2001:db8::1]",
                "[2001:db8::1]x",
                "[2001:db8::1]:70000",
                "[198.51.100.7]",
                "[]",
                "fe80::1%eth0",
                "<script>",
                "198.51.100.7\u00e4")) {
            assertMalformed(server, "X-Forwarded-For", address);
            assertMalformed(server, "X-Forwarded-For", "1.1.1.1, " + address + ", 10.0.0.1");
            assertMalformed(server, "Forwarded", "for=\"" + address + "\"");
        }
        for (String forwarded : List.of(
                "for",
                "for=",
                "=198.51.100.7",
                "for=198.51.100.7 proto=https",
                "for =198.51.100.7",
                "for= 198.51.100.7",
                "for=[2001:db8::1]",
                "for=198.51.100.7:80",
                "for=\"2001:db8::1\"",
                "for=\"198.51.100.7",
                "for=198.51.100.7\"",
                "for=\"198.51.100.7\\\"",
                "for=198.51.100.7;for=198.51.100.8",
                "for=198.51.100.7;proto=ftp",
                "for=198.51.100.7;proto=\"\"",
                "for=198.51.100.7;host=\"\"",
                "for=198.51.100.7;host=\"a.example/x\"",
                "for=198.51.100.7;host=\"user@a.example\"",
                "for=198.51.100.7;host=\"a.example:99999\"",
                "host=a.example:80",
                "\", for=198.51.100.7")) {
            assertMalformed(server, "Forwarded", forwarded);
        }
        for (String proto : List.of("ftp", "https;", "\"https\"", "http, javascript")) {
            assertMalformed(server, "X-Forwarded-Proto", proto);
        }
        for (String host : List.of("a b", "a.example/x", "user@a.example", "a.example:x", "[::1", "a, b\\c", "127.1")) {
            assertMalformed(server, "X-Forwarded-Host", host);
        }
    }

    @Test
    void bothKindsOfHeadersMustAgree() {
        Manager manager = start();
        WebSocketServer server = serve(manager, LOCAL);
        String standard = "for=\"198.51.100.7:1\";proto=https;host=A.example";
        HandshakeRequest request = receivedRequest(
                manager,
                server,
                "Forwarded",
                standard,
                "X-Forwarded-For",
                "198.51.100.7",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "a.example");
        assertEquals("198.51.100.7", request.remoteAddress().getAddress().getHostAddress());
        assertMalformed(
                server,
                "Forwarded",
                standard,
                "X-Forwarded-For",
                "198.51.100.8",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "a.example");
        assertMalformed(server, "Forwarded", "for=198.51.100.7", "X-Forwarded-For", "198.51.100.8");
        assertMalformed(server, "Forwarded", "proto=https", "X-Forwarded-Proto", "http");
        assertMalformed(server, "Forwarded", "host=a.example", "X-Forwarded-Host", "b.example");
        assertMalformed(server, "Forwarded", "for=198.51.100.7", "X-Forwarded-For", "nonsense");
    }

    @Test
    void aListOfHostsIsComparedWithTheForwardedHost() {
        Manager manager =
                start(settings -> settings.upgrader(Upgrader.defaults().withHostRule(HostRule.of("chat.example"))));
        WebSocketServer server = serve(manager, LOCAL);
        for (String header : List.of("X-Forwarded-Host", "Forwarded")) {
            String prefix = header.equals("Forwarded") ? "host=" : "";
            assertEquals(
                    101,
                    with(TestClient.to(server, "/ws"), header, prefix + "chat.example")
                            .awaitReply()
                            .status());
            assertEquals(
                    421,
                    with(TestClient.to(server, "/ws"), header, prefix + "evil.example")
                            .awaitReply()
                            .status());
        }
    }

    @Test
    void aReboundNameIsRefusedWithoutAProxy() {
        WebSocketServer server = serve(start(), LOCAL);
        if (!server.isSecure()) {
            assertEquals(
                    421,
                    TestClient.to(server, "/ws")
                            .without("Host")
                            .header("Host", "evil.example")
                            .awaitReply()
                            .status());
        }
    }

    @Test
    void connectionsAreCountedForTheClientsAddress() {
        Manager manager =
                start(settings -> settings.limits(managerLimits(bounds -> bounds.maxConnectionsPerAddress(1))));
        WebSocketServer server = serve(manager, LOCAL);
        TestClient first = closing(with(TestClient.to(server, "/ws"), "X-Forwarded-For", "198.51.100.7")
                .connect());
        assertEquals(429, counted(server, "X-Forwarded-For", "9.9.9.9, 198.51.100.7:99"));
        assertEquals(429, counted(server, "Forwarded", "for=198.51.100.7"));
        closing(with(TestClient.to(server, "/ws"), "X-Forwarded-For", "198.51.100.8")
                .connect());
        closing(with(TestClient.to(server, "/ws"), "X-Forwarded-For", "2001:db8:1:2::1")
                .connect());
        assertEquals(429, counted(server, "Forwarded", "for=\"[2001:db8:1:2:ffff::2]\""));
        closing(with(TestClient.to(server, "/ws"), "Forwarded", "for=\"[2001:db8:1:3::1]\"")
                .connect());
        first.disconnect();
        Await.until("the permit of the first peer", () -> counted(server, "Forwarded", "for=198.51.100.7") == 101);
    }

    private static int counted(WebSocketServer server, String header, String value) {
        return with(TestClient.to(server, "/ws"), header, value).awaitReply().status();
    }
}
