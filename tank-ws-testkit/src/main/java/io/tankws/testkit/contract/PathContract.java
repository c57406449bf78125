package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.WebSocketServer;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Percent-encoding in paths, queries and credentials. */
@SuppressWarnings("NullAway") // a null fails the test
abstract class PathContract extends ContractTestBase {
    private static final List<String> MALFORMED_PATHS = List.of(
            "/%",
            "/ws%",
            "/ws%4",
            "/ws%zz",
            "/ws%%73",
            "/ws%c3%28",
            "/ws%ff",
            "/ws%c0%af",
            "/ws%ed%a0%80",
            "/ws%00",
            "/ws%0a",
            "/ws%7F",
            "/./ws",
            "/../ws",
            "/a/../ws",
            "/ws/..",
            "/ws/.",
            "/a/%2e%2E/ws",
            "/%2e/ws",
            "/a/.%2e/ws",
            "/..;/ws",
            "/a/..;x=y/ws",
            "/a/.;x/ws",
            "/a/%2e%2e;x/ws",
            "/a%2Fws",
            "/a%2fws",
            "/%2Fws",
            "/a%5cws",
            "/a\\ws");

    private static final List<String> MALFORMED_VALUES = List.of(
            "%",
            "100%",
            "%2",
            "%zz",
            "%-1",
            "%%35",
            "%ff",
            "%c3",
            "%C3%28",
            "%c0%80",
            "%ed%a0%80",
            "%f4%90%80%80",
            "a%fe%ff");

    PathContract(ContractFixture fixture) {
        super(fixture);
    }

    private static int status(WebSocketServer server, String target) {
        return TestClient.to(server, target).awaitReply().status();
    }

    @Test
    void aPathIsComparedInNormalizedForm() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        Map<String, List<String>> equal = Map.of(
                "/ch\u00e4t", List.of("/ch%C3%A4t", "/ch%c3%a4t", "/%63h%c3%A4t"),
                "/a b", List.of("/a%20b", "/%61%20%62"),
                "/up%C3%9C", List.of("/up%C3%9C", "/up%c3%9c"),
                "/low%c3%bc", List.of("/low%C3%BC", "/low%c3%bc"),
                "/100%25", List.of("/100%25", "/1%300%25"),
                "/~user/a.b_c-d", List.of("/~user/a.b_c-d", "/%7Euser/a%2Eb%5fc%2Dd", "/%7euser/a%2eb%5Fc%2dd"),
                "/\ud83d\ude00", List.of("/%F0%9F%98%80", "/%f0%9f%98%80"),
                "/q%3F", List.of("/q%3F", "/q%3f"),
                "/colon:@!$&'()*+,;=", List.of("/colon:@!$&'()*+,;=", "/%63olon:@!$&'()*+,;="));
        equal.forEach((path, targets) -> {
            server.handle(path, manager);
            targets.forEach(target -> assertEquals(101, status(server, target), path + " " + target));
        });
        assertEquals(101, status(server, "/%77%73"));
        for (String other : List.of(
                "/ch%C3%84t", "/chat", "/a+b", "/a%2520b", "/100", "/100%2525", "/colon%3A@!$&'()*+,;=", "/q", "/Ws")) {
            assertEquals(404, status(server, other), other);
        }
    }

    /** Browsers encode some of these characters, and send a vertical bar and brackets as they are. */
    @Test
    void aCharacterThatNoPathMayHoldIsTakenForItsEscape() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        for (String path : List.of("/a|b", "/a[b]", "/a^b", "/a\"b\"", "/a<b>", "/a`b", "/a{b}")) {
            server.handle(path, manager);
            String escaped = path.chars()
                    .mapToObj(c -> c == '/' || Character.isLetter(c) ? "" + (char) c : "%%%02x".formatted(c))
                    .collect(Collectors.joining());
            assertEquals(101, status(server, path), path);
            assertEquals(101, status(server, escaped), escaped);
        }
    }

    @Test
    void equalPathsAreOnePath() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        server.handle("/a b", handshake -> handshake.refuse(new Refusal(410, "gone")));
        assertEquals(410, status(server, "/a%20b"));
        server.handle("/%61%20b", manager);
        assertEquals(101, status(server, "/a%20b"));
    }

    @Test
    void aMalformedPathIsABadRequest() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        for (String path : MALFORMED_PATHS) {
            assertEquals(400, status(server, path), path);
            String message = assertThrows(IllegalArgumentException.class, () -> server.handle(path, manager), path)
                    .getMessage();
            assertTrue(message.contains("must"), message);
            assertThrows(
                    IllegalArgumentException.class, () -> fixture().server().handle(path, manager), path);
        }
        for (String path : List.of("", "ws", "/ws?a", "/ws#a", "/ws\ud800", "/ws\n")) {
            assertThrows(IllegalArgumentException.class, () -> server.handle(path, manager), path);
        }
        connect(server, "ann");
    }

    @Test
    void aMalformedQueryIsABadRequest() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        for (String value : MALFORMED_VALUES) {
            for (String query : List.of("user_id=", "token=", "user_id=ann&x=", "x=1&", "user%5Fid=a&")) {
                assertEquals(400, status(server, "/ws?" + query + value), query + value);
            }
        }
        assertEquals(0, manager.statistics().connectionsOpened());
    }

    @Test
    void aWellFormedUserIdIsDecodedOnce() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        Map<String, String> users = Map.of(
                "%25", "%",
                "%2525", "%25",
                "J%C3%B6rg+1", "J\u00f6rg 1",
                "a%2Bb", "a+b",
                "%EF%BF%BD", "\ufffd",
                "%f0%9f%98%80", "\ud83d\ude00",
                "a%26b%3Dc", "a&b=c");
        users.forEach((sent, user) -> {
            closing(TestClient.connect(server, "/ws?user_id=" + sent));
            find(manager, user);
        });
        assertEquals(users.size(), manager.getClientCount());
    }

    @Test
    void malformedCredentialsAreNone() {
        Manager manager = start();
        manager.enableAuth(request -> request.basicCredentials().isPresent());
        WebSocketServer server = serve(manager);
        List<byte[]> malformed = List.of(
                new byte[] {(byte) 0xFF, ':', 'x'},
                new byte[] {'a', ':', (byte) 0xC3},
                new byte[] {'a', (byte) 0xC0, (byte) 0x80, ':', 'x'},
                new byte[] {'a', 0, ':', 'x'},
                "no colon".getBytes(StandardCharsets.UTF_8));
        for (byte[] pair : malformed) {
            assertEquals(401, authorized(server, "Basic " + Base64.getEncoder().encodeToString(pair)));
        }
        for (String header :
                List.of("Basic", "Basic ", "Basic !!!!", "Basic YTp4=", "Basic YTp4 YTp4", "Basic YTp\u00e4")) {
            assertEquals(401, authorized(server, header), header);
        }
        assertEquals(101, authorized(server, "Basic YTp4"));
    }

    private static int authorized(WebSocketServer server, String header) {
        HttpReply reply =
                TestClient.to(server, "/ws").header("Authorization", header).awaitReply();
        return reply.status();
    }
}
