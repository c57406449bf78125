package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.WebSocketServer;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.RawRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The headers of an HTTP/1.1 request and the request head as a whole (RFC 9112 sections 2 and 5), each with its
 * answer, for transports with sockets. A server refuses at once what is no request.
 */
public abstract class RequestHeadContract extends RequestTableTestBase {
    /**
     * For subclasses.
     *
     * @param fixture the core, and a transport that has sockets
     */
    protected RequestHeadContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void everyHostIsAnswered() {
        List<Row> table = new ArrayList<>();
        for (String host : List.of("localhost", "LocalHost", "127.0.0.1", "localhost:80", "127.0.0.1:8080")) {
            table.add(Row.seen(headers("Host: " + host + "\r\n", UPGRADE), "/ws", host));
            table.add(Row.seen(headers("hOST:" + host + " \t\r\n", UPGRADE), "/ws", host));
        }
        for (String hosts : List.of(
                "",
                "Host:\r\n",
                "Host: \r\n",
                "Host: localhost\r\nHost: localhost\r\n",
                "Host: localhost\r\nhost: other\r\n",
                "Host : localhost\r\n",
                "Host: user@localhost\r\n",
                "Host: localhost/ws\r\n",
                "Host: localhost?a\r\n",
                "Host: localhost#a\r\n",
                "Host: local host\r\n",
                "Host: localhost, other\r\n",
                "Host: localhost:x\r\n",
                "Host: localhost:+80\r\n",
                "Host: localhost:-1\r\n",
                "Host: localhost:99999\r\n",
                "Host: :80\r\n",
                "Host: ::1\r\n",
                "Host: [::1\r\n",
                "Host: []\r\n",
                "Host: [localhost]\r\n",
                "Host: [127.0.0.1]\r\n",
                "Host: [1::2::3]\r\n",
                "Host: localhost;x\r\n",
                "Host: localhost:0\r\n",
                "Host: http://localhost\r\n",
                "Host: local\\host\r\n",
                "Host: <localhost>\r\n",
                "Host: \"localhost\"\r\n",
                "Host: h\u00e4\r\n",
                "Host: h\u00c3\u00a4\r\n",
                "Host: local\0host\r\n")) {
            table.add(Row.refused(400, headers(hosts, UPGRADE)));
            // Without a handshake too: no violation of RFC 6455 hides one of HTTP.
            table.add(Row.refused(400, headers(hosts)));
        }
        check(table);
    }

    @Test
    void everyHeaderIsAnswered() {
        List<Row> table = new ArrayList<>();
        for (String header : List.of(
                "X:",
                "X:y",
                "X: \t y \t ",
                "X: a\tb",
                "X: \u00e4",
                "X: \u00c3\u00a4",
                "X: \"a",
                "!#$%&'*+.^_`|~: x",
                "Upgrade: h2c",
                "Upgrade: websocket",
                "Connection: keep-alive, Upgrade",
                "Connection: close",
                "TE: trailers",
                "Trailer: X",
                "Expect: 100-continue",
                "Expect:",
                "Content-Length: 0000000000000000000000",
                "Content-Length: 0",
                "Cookie: =\u00e4; \"")) {
            table.add(Row.seen(with(header), "/ws", "localhost"));
        }
        for (String header : List.of(
                "X",
                "X y",
                ": y",
                " X: y",
                "\tX: y",
                "X : y",
                "X\t: y",
                "X: a\r\n b",
                "X: a\r\n\tb",
                "X\r\n: y",
                "(X): y",
                "X@: y",
                "X/Y: z",
                "X\u00e4: y",
                "X\0: y",
                "X: a\0b",
                "X: a\1b",
                "X: a\u000bb",
                "X: a\u001bb",
                "X: a\u007fb",
                "X: a\rb",
                "X: a\r",
                "X: a\nY: b",
                "X: a\n",
                "Content-Length: 3",
                "Content-Length: 0\r\nContent-Length: 0",
                "Content-Length: 0, 0",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length:",
                "Content-Length: x",
                "Content-Length: -1",
                "Content-Length: +0",
                "Content-Length: 0x0",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding:",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 0")) {
            table.add(Row.refused(400, with(header)));
        }
        table.add(Row.refused(417, with("Expect: nothing")));
        check(table);
    }

    @Test
    void aLineFeedAloneEndsNoLine() {
        String head = with("X: y");
        check(List.of(
                Row.refused(400, head.replace("\r\n", "\n")),
                Row.refused(400, head.replace("\r\n", "\r")),
                Row.refused(400, head.replace("\r\n\r\n", "\r\n\n")),
                Row.refused(400, head.replace("1.1\r\n", "1.1\n")),
                Row.refused(400, head.replace("localhost\r\n", "localhost\n"))));
    }

    @Test
    void aHandshakeIsJudgedAlike() {
        WebSocketServer server = serve(start());
        String valid = with("Origin: " + (server.isSecure() ? "https" : "http") + "://localhost");
        assertEquals(101, status(server, valid));
        assertEquals(101, status(server, valid.replace("Upgrade: websocket", "Upgrade: h2c, WebSocket")));
        assertEquals(101, status(server, valid.replace("Connection: Upgrade", "Connection: keep-alive, upgrade")));
        assertEquals(
                101, status(server, valid.replace("Connection: Upgrade", "Connection: close\r\nConnection: Upgrade")));
        assertEquals(426, status(server, valid.replace("Upgrade: websocket", "Upgrade: websocket/13")));
        assertEquals(426, status(server, valid.replace("Upgrade: websocket\r\n", "")));
        assertEquals(400, status(server, valid.replace("Connection: Upgrade", "Connection: xUpgrade")));
        assertEquals(400, status(server, valid.replace("Connection: Upgrade\r\n", "")));
        for (String version :
                List.of("", "8", "13, 8", "8, 13", "013", "13.0", "x", "13\r\nSec-WebSocket-Version: 13")) {
            assertEquals(426, status(server, valid.replace("Version: 13", "Version: " + version)), version);
        }
        for (String key : List.of(
                "",
                "short",
                "dGhlIHNhbXBsZSBub25jZQ==x",
                "dGhlIHNhbXBsZSBub25jZSE=",
                "!!!!!!!!!!!!!!!!!!!!!!==",
                "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")) {
            assertEquals(400, status(server, valid.replace("dGhlIHNhbXBsZSBub25jZQ==", key)), key);
        }
        assertEquals(400, status(server, valid.replace("HTTP/1.1", "HTTP/1.0")));
        assertEquals(405, status(server, valid.replace("GET", "POST")));
        assertEquals(405, status(server, valid.replace("GET", "HEAD")));
        assertEquals(405, status(server, valid.replace("GET", "get")));
    }

    private static int status(WebSocketServer server, String head) {
        return RawRequest.exchange(server, head).map(HttpReply::status).orElse(0);
    }

    @Test
    void bytesAfterARefusedHeadAreNoRequest() {
        WebSocketServer server = recording();
        String next = line("GET / HTTP/1.1");
        for (String first : List.of(
                with("X: y"),
                line("GET /none HTTP/1.1"),
                line("HEAD /ws HTTP/1.1"),
                with("Content-Length: 5"),
                headers("Host: localhost\r\n", "Content-Length: 3\r\n"),
                headers("Host: localhost\r\n", "Connection: keep-alive\r\n"),
                line("OPTIONS * HTTP/1.1"),
                line("CONNECT localhost:80 HTTP/1.1"),
                line("nonsense"))) {
            HttpReply reply = RawRequest.exchange(server, first + next + next).orElseThrow();
            assertTrue(!reply.body().contains("HTTP/1.1"), first + reply);
            seen.removeIf(request -> request.path().equals("/ws"));
            assertEquals(0, seen.size(), first);
        }
    }

    @Test
    void bytesThatAreNoHttpAreRefusedAtOnce() {
        WebSocketServer server = recording();
        List<String> firsts = List.of(
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
                "\u0016",
                "\0",
                "\0\0\0\1",
                "\u0080\u0012",
                "\u0081\u0005hello",
                "\u00ff\u00fe",
                "\u0004\1\0P",
                "\u0005\1\0",
                "SSH-2.0-OpenSSH_9.6",
                "SSH-2.0",
                "{\"a\":1}",
                "<policy-file-request/>\0",
                "*1\r\n$4\r\nPING\r\n",
                "EHLO localhost\r\n",
                "QUIT\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
                "\r\n\r\n\0\r\nQUIT\n",
                "OPTIONS sip:ann SIP/2.0\r\n",
                "A".repeat(33),
                "GET /ws\1",
                "GET /ws\r\n",
                "GET /ws HTTP/1.1\r\nX: a\0",
                "GET /ws HTTP/1.1\r\nX: a\nb",
                "\r\n".repeat(9));
        for (String first : firsts) {
            assertRefused(RawRequest.exchange(server, first), first);
            // However small the pieces are.
            assertRefused(RawRequest.exchange(server, first.split("")), first);
        }
        assertEquals(0, seen.size());
    }

    private static void assertRefused(Optional<HttpReply> reply, String first) {
        assertTrue(reply.isEmpty() || reply.get().status() == 400, first + reply);
    }

    @Test
    void aHeadMayComeInAnyPieces() {
        WebSocketServer server = recording();
        String head = "\r\n" + line("GET http://localhost/ws?a HTTP/1.1");
        assertEquals(
                SEEN, RawRequest.exchange(server, head.split("")).orElseThrow().status());
        for (int i = 1; i < head.length(); i += 7) {
            assertEquals(
                    SEEN,
                    RawRequest.exchange(server, head.substring(0, i), head.substring(i))
                            .orElseThrow()
                            .status());
        }
        String malformed = line("GET /ws  HTTP/1.1");
        for (int i = 1; i < malformed.length(); i += 7) {
            assertEquals(
                    400,
                    RawRequest.exchange(server, malformed.substring(0, i), malformed.substring(i))
                            .orElseThrow()
                            .status());
        }
    }
}
