package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HostRule;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names that a server answers to: protection from DNS rebinding. */
abstract class HostContract extends ContractTestBase {
    /** Well-formed hosts that are not this machine; {@code PORT} stands for the server's port. */
    private static final List<String> OTHER_HOSTS = List.of(
            "evil.example",
            "evil.example:PORT",
            "EVIL.EXAMPLE:PORT",
            "evil.example.:PORT",
            "localhost.evil.example:PORT",
            "sub.localhost:PORT",
            "127.0.0.1.evil.example:PORT",
            "127-0-0-1.evil.example:PORT",
            "notlocalhost:PORT",
            "localhost-:PORT",
            "192.168.0.1:PORT",
            "0.0.0.0:PORT",
            "128.0.0.1:PORT",
            "8.8.8.8",
            "[::2]:PORT",
            "[::]:PORT",
            "[fe80::1]:PORT");

    /** Values that no rule accepts; a library may refuse them as malformed before the rule is asked. */
    private static final List<String> MALFORMED_HOSTS = List.of(
            "",
            ":PORT",
            "localhost:",
            "localhost:PORT:PORT",
            "localhost:99999",
            "localhost:x",
            "localhost:-1",
            "localhost..",
            ".localhost",
            "localhost,evil.example",
            "localhost evil.example",
            "user@localhost:PORT",
            "localhost@evil.example",
            "localhost:PORT@evil.example",
            "evil.example#localhost",
            "evil.example/localhost",
            "evil.example?localhost",
            "evil.example\\localhost",
            "http://localhost",
            "%6cocalhost:PORT",
            "localhost%00.evil.example",
            "localhost%2eevil.example",
            "[::1",
            "::1",
            "[::1]x",
            "[::1%25lo]",
            "[localhost]",
            "[127.0.0.1]",
            "[]",
            "127.0.0.256",
            "127.0.0.01",
            "127.1",
            "127.0.0.1.2",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1");

    HostContract(ContractFixture fixture) {
        super(fixture);
    }

    private static TestHandshake handshake(WebSocketServer server, String host) {
        return TestClient.to(server, "/ws")
                .without("Host")
                .header("Host", host.replace("PORT", String.valueOf(server.port())));
    }

    /** TLS refuses a host that is not in the server's certificate with 400, before the rule is asked. */
    private static boolean isCertified(String host) {
        return host.startsWith("127.0.0.1:") || host.startsWith("localhost:");
    }

    private static void assertAccepted(WebSocketServer server, String host) {
        if (!server.isSecure() || isCertified(host)) {
            assertEquals(101, handshake(server, host).awaitReply().status(), host);
        }
    }

    private static void assertRefused(WebSocketServer server, String host) {
        int status = handshake(server, host).awaitReply().status();
        assertTrue(status == 421 || server.isSecure() && status == 400, host + ": " + status);
    }

    @Test
    void aLoopbackServerAnswersToLoopbackNames() {
        WebSocketServer server = serve(start());
        for (String host : List.of(
                "localhost:PORT",
                "LocalHost:PORT",
                "localhost.:PORT",
                "localhost",
                "localhost:1",
                "127.0.0.1:PORT",
                "127.0.0.1",
                "127.1.2.3:PORT",
                "[::1]:PORT",
                "[0:0:0:0:0:0:0:1]:PORT")) {
            assertAccepted(server, host);
        }
    }

    @Test
    void aLoopbackServerAnswersToNoOtherHost() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        for (String host : OTHER_HOSTS) {
            assertRefused(server, host);
            // As the page of that host would ask, which is of the same origin.
            String page =
                    (server.isSecure() ? "https://" : "http://") + host.replace("PORT", String.valueOf(server.port()));
            HttpReply reply = handshake(server, host).origin(page).awaitReply();
            assertTrue(server.isSecure() || reply.body().contains("withHostRule"), reply.body());
        }
        assertEquals(
                server.isSecure() ? 0 : 2 * OTHER_HOSTS.size(),
                manager.statistics().handshakesRefused());
        assertEquals(0, manager.statistics().connectionsOpened());
    }

    @Test
    void aMalformedHostIsRefused() {
        WebSocketServer server = serve(start());
        for (String host : MALFORMED_HOSTS) {
            int status = handshake(server, host).awaitReply().status();
            assertTrue(status == 400 || status == 421, host + ": " + status);
        }
    }

    @Test
    void aHandshakeHasExactlyOneHost() {
        WebSocketServer server = serve(start());
        assertEquals(
                400, TestClient.to(server, "/ws").without("Host").awaitReply().status());
        for (String second : List.of("localhost", "evil.example", "127.0.0.1")) {
            assertEquals(
                    400,
                    TestClient.to(server, "/ws")
                            .header("Host", second)
                            .awaitReply()
                            .status(),
                    second);
            assertEquals(
                    400,
                    handshake(server, "localhost")
                            .header("host", second)
                            .awaitReply()
                            .status(),
                    second);
        }
    }

    @Test
    void aTargetInAbsoluteFormIsNoWayAround() {
        WebSocketServer server = serve(start());
        String port = ":" + server.port();
        for (String authority : List.of("evil.example" + port, "localhost@evil.example" + port)) {
            String target = "http://" + authority + "/ws";
            for (String host : List.of("evil.example" + port, "127.0.0.1" + port)) {
                int status = status(target, server, host);
                // In memory there are no request lines, so such a target is a path without a handler.
                assertTrue(status == 400 || status == 404 || status == 421, target + " " + host + ": " + status);
            }
        }
        // A target in absolute form beats Host (RFC 9112 section 3.2.2). No browser sends one to a server.
        int status = status("http://localhost/ws", server, "evil.example" + port);
        assertTrue(status == 101 || status == 404, "status " + status);
    }

    private static int status(String target, WebSocketServer server, String host) {
        return TestClient.to(server, target)
                .without("Host")
                .header("Host", host)
                .awaitReply()
                .status();
    }

    @Test
    void theHostIsCheckedWhateverTheOriginRule() {
        Manager manager =
                start(settings -> settings.upgrader(Upgrader.defaults().withOriginRule(OriginRule.anyOrigin())));
        WebSocketServer server = serve(manager);
        assertRefused(server, "evil.example");
    }

    @Test
    void aConfiguredNameIsAcceptedAndNoOther() {
        Manager manager = start(settings -> settings.upgrader(
                Upgrader.defaults().withHostRule(HostRule.of("Chat.example.org", "192.0.2.7", "[2001:db8::1]"))));
        WebSocketServer server = serve(manager);
        for (String host : List.of(
                "chat.example.org:PORT",
                "CHAT.EXAMPLE.ORG",
                "chat.example.org.",
                "192.0.2.7:PORT",
                "[2001:DB8:0:0::1]",
                "localhost:PORT")) {
            assertAccepted(server, host);
        }
        for (String host : List.of("example.org", "x.chat.example.org", "chat.example.orgx", "192.0.2.8")) {
            assertRefused(server, host);
        }
    }

    @Test
    void theRuleMayChangeWhileRunning() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        assertRefused(server, "any.example");
        manager.setCustomUpgrader(Upgrader.defaults().withHostRule(HostRule.anyHost()));
        assertAccepted(server, "any.example");
    }
}
