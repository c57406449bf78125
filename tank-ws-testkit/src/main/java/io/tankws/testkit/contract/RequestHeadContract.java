package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.WebSocketServer;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.RawRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/**
 * The forms of an HTTP/1.1 request head (RFC 9112), each with its answer, for transports with sockets. A server refuses at
 * once what is no request, and a handler sees path and host of every other one, whatever their form.
 */
public abstract class RequestHeadContract extends ContractCase {
    /** The status of a handler that has seen the request. */
    private static final int SEEN = 418;

    private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final BlockingQueue<HandshakeRequest> seen = new LinkedBlockingQueue<>();

    /**
     * For subclasses.
     *
     * @param fixture the engine, and a transport that has sockets
     */
    protected RequestHeadContract(ContractFixture fixture) {
        super(fixture);
    }

    /** A server whose handlers record the request. Its time for a head is so long that no test waits for its end. */
    private WebSocketServer recording() {
        return closing(fixture()
                .server()
                .port(0)
                .limits(limits(limits -> limits.handshakeTimeout(Duration.ofMinutes(10))))
                .handle("/ws", this::record)
                .handle("/", this::record)
                .start());
    }

    private void record(io.tankws.Handshake handshake) {
        seen.add(handshake.request());
        handshake.refuse(new Refusal(SEEN, "seen"));
    }

    private static String line(String requestLine) {
        return requestLine + "\r\nHost: localhost\r\n" + UPGRADE + "\r\n";
    }

    private static String headers(String... headers) {
        return "GET /ws HTTP/1.1\r\n" + String.join("", headers) + "\r\n";
    }

    private static String with(String header) {
        return headers("Host: localhost\r\n", UPGRADE, header + "\r\n");
    }

    /** The answer to a head, and path and host as the handler sees them. */
    private record Row(String head, int status, String path, String host) {
        static Row refused(int status, String head) {
            return new Row(head, status, null, null);
        }

        static Row seen(String head, String path, String host) {
            return new Row(head, SEEN, path, host);
        }
    }

    private void check(List<Row> table) {
        WebSocketServer server = recording();
        List<String> wrong = new ArrayList<>();
        for (Row row : table) {
            Optional<HttpReply> reply = RawRequest.ask(server, row.head);
            int status = reply.map(HttpReply::status).orElse(0);
            HandshakeRequest request = seen.poll();
            String path = request == null ? null : request.path();
            String host = request == null ? null : request.header("Host").orElse("");
            Row got = new Row(row.head, status, path, host);
            if (!got.equals(row) || !reply.map(RequestHeadContract::isFramed).orElse(true)) {
                wrong.add("expected " + row + " but was " + got + " " + reply);
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean isFramed(HttpReply reply) {
        return reply.header("Content-Length")
                        .equals(Optional.of("" + reply.body().length()))
                && reply.headers().getOrDefault("Content-Length", List.of()).size() == 1
                && reply.header("Connection").orElse("").contains("close");
    }

    @Test
    void everyFormOfATargetIsUnderstood() {
        check(List.of(
                Row.seen(line("GET /ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET /ws? HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET /ws?a=b&c=%zz|\"<>^`{}\\ HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET / HTTP/1.1"), "/", "localhost"),
                Row.seen(line("GET /?/ws HTTP/1.1"), "/", "localhost"),
                Row.seen(line("GET http://localhost/ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET HTTP://localhost/ws?a=b HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET https://localhost/ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET ws://localhost/ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET wss://localhost/ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET http://localhost:/ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen(line("GET http://localhost HTTP/1.1"), "/", "localhost"),
                Row.seen(line("GET http://localhost?/ws HTTP/1.1"), "/", "localhost"),
                Row.refused(404, line("GET //ws HTTP/1.1")),
                Row.refused(404, line("GET ///ws HTTP/1.1")),
                Row.refused(404, line("GET http://localhost//ws HTTP/1.1")),
                Row.refused(404, line("GET /none HTTP/1.1")),
                Row.refused(404, line("GET /ws/ HTTP/1.1")),
                Row.refused(404, line("GET /./ws HTTP/1.1")),
                Row.refused(404, line("GET /a/../ws HTTP/1.1")),
                Row.refused(404, line("GET /ws;x=y HTTP/1.1")),
                Row.refused(404, line("GET /;x/ws HTTP/1.1")),
                Row.refused(404, line("GET /w%2Fs HTTP/1.1")),
                Row.refused(404, line("OPTIONS * HTTP/1.1"))));
    }

    @Test
    void everyOtherTargetIsRefused() {
        List<Row> table = new ArrayList<>();
        for (String target : List.of(
                "*",
                "ws",
                "?a",
                "localhost",
                "localhost:80",
                "/ws#a",
                "/ws?a#b",
                "/w s",
                "/w\ts",
                "/ws\0",
                "/ws\1",
                "/ws\u007f",
                "/\u00e4",
                "/\u00c3\u00a4",
                "/ws?\u00e4",
                "/ws?\u00c3\u00a4",
                "/ws\\",
                "/ws|",
                "/\"ws\"",
                "/<ws>",
                "/ws%",
                "/ws%zz",
                "/%u0041",
                "/ws%00",
                "/ws%0d%0a",
                "/%2e%2e/ws",
                "/../ws",
                "/a/../../ws",
                "http://localhost/../ws",
                "http://localhost/ws#a",
                "http://localhost/\u00c3\u00a4",
                "http:///ws",
                "http://:80/ws",
                "http://",
                "http:/ws",
                "http:ws",
                "http:",
                "http://user@localhost/ws",
                "http://user:secret@localhost/ws",
                "http://localhost:99999/ws",
                "http://localhost:x/ws",
                "http://[::1/ws",
                "http://local|host/ws",
                "http://localhost\\ws",
                "http://h\u00c3\u00a4/ws",
                "ftp://localhost/ws",
                "javascript://localhost/ws",
                "mailto:ann@localhost")) {
            table.add(Row.refused(400, line("GET " + target + " HTTP/1.1")));
        }
        check(table);
    }

    @Test
    void theAuthorityOfATargetBeatsHost() {
        WebSocketServer server = recording();
        // A certificate names the hosts that a server with TLS has.
        String other = server.isSecure() ? "127.0.0.1" : "other.example:81";
        String head = "GET http://" + other + "/ws HTTP/1.1\r\n";
        for (String host : List.of("localhost", "other.example", "evil.example:1", "")) {
            HttpReply reply = RawRequest.ask(server, head + "Host: " + host + "\r\n" + UPGRADE + "\r\n")
                    .orElseThrow();
            assertEquals(SEEN, reply.status(), host);
            assertEquals(Optional.of(other), seen.poll().header("Host"), host);
        }
        for (String hosts : List.of(
                "",
                "Host: a\r\nHost: a\r\n",
                "Host: a/b\r\n",
                "Host: user@a\r\n",
                "Host: a b\r\n",
                "Host: a:99999\r\n")) {
            HttpReply reply =
                    RawRequest.ask(server, head + hosts + UPGRADE + "\r\n").orElseThrow();
            assertEquals(400, reply.status(), hosts);
        }
    }

    @Test
    void everyMethodIsAnswered() {
        List<Row> table = new ArrayList<>();
        for (String method :
                List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "Get", "FOO", "M-SEARCH")) {
            table.add(Row.seen(line(method + " /ws HTTP/1.1"), "/ws", "localhost"));
            table.add(Row.refused(404, line(method + " /none HTTP/1.1")));
        }
        for (String method : List.of("", "G(T", "G\u00e4T", "GET,", "\"GET\"", "G\0T", "G/T", "A".repeat(33))) {
            table.add(Row.refused(400, line(method + " /ws HTTP/1.1")));
        }
        for (String target : List.of("localhost", "localhost:80", "127.0.0.1:80")) {
            table.add(Row.refused(405, line("CONNECT " + target + " HTTP/1.1")));
        }
        for (String target : List.of("/", "/ws", "http://localhost/ws", "user@localhost:80")) {
            table.add(Row.refused(400, line("CONNECT " + target + " HTTP/1.1")));
        }
        check(table);
    }

    @Test
    void noBodyFollowsTheHeadersOfAResponseToHead() {
        WebSocketServer server = recording();
        for (String head : List.of(
                line("HEAD /ws HTTP/1.1"),
                line("HEAD /none HTTP/1.1"),
                line("HEAD http://localhost/ws HTTP/1.1"),
                line("HEAD /ws HTTP/1.0"))) {
            HttpReply reply = RawRequest.ask(server, head).orElseThrow();
            assertTrue(reply.status() == SEEN || reply.status() == 404, head + reply);
            assertEquals("", reply.body(), head);
        }
    }

    @Test
    void everyRequestLineIsAnswered() {
        List<Row> table = new ArrayList<>();
        table.add(Row.seen(line("GET /ws HTTP/1.0"), "/ws", "localhost"));
        for (String version : List.of("HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9")) {
            table.add(Row.refused(505, line("GET /ws " + version)));
        }
        table.add(Row.refused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        for (String requestLine : List.of(
                "GET",
                "GET ",
                "GET /ws",
                "GET /ws ",
                "GET /ws HTTP",
                "GET /ws HTTP/",
                "GET /ws HTTP/1",
                "GET /ws HTTP/1.",
                "GET /ws HTTP/1.10",
                "GET /ws HTTP/11",
                "GET /ws HTTP/1,1",
                "GET /ws HTTP /1.1",
                "GET /ws http/1.1",
                "GET /ws Http/1.1",
                "GET /ws HTTP/1.1 ",
                "GET /ws HTTP/1.1\t",
                "GET /ws HTTPS/1.1",
                "GET /ws FTP/1.1",
                "GET /ws /ws HTTP/1.1",
                "GET  /ws HTTP/1.1",
                "GET /ws  HTTP/1.1",
                "GET\t/ws HTTP/1.1",
                "GET /ws\tHTTP/1.1",
                " GET /ws HTTP/1.1",
                "\tGET /ws HTTP/1.1",
                "\0GET /ws HTTP/1.1",
                "\u00ef\u00bb\u00bfGET /ws HTTP/1.1")) {
            table.add(Row.refused(400, line(requestLine)));
        }
        check(table);
    }

    @Test
    void emptyLinesBeforeTheRequestLineAreIgnored() {
        check(List.of(
                Row.seen("\r\n" + line("GET /ws HTTP/1.1"), "/ws", "localhost"),
                Row.seen("\r\n".repeat(8) + line("GET /ws HTTP/1.1"), "/ws", "localhost"),
                Row.refused(400, "\r\n".repeat(9) + line("GET /ws HTTP/1.1")),
                Row.refused(400, "\n" + line("GET /ws HTTP/1.1")),
                Row.refused(400, "\r" + line("GET /ws HTTP/1.1")),
                Row.refused(400, "\r\r\n" + line("GET /ws HTTP/1.1")),
                Row.refused(400, " \r\n" + line("GET /ws HTTP/1.1"))));
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
        return RawRequest.ask(server, head).map(HttpReply::status).orElse(0);
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
            HttpReply reply = RawRequest.ask(server, first + next + next).orElseThrow();
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
            assertRefused(RawRequest.ask(server, first), first);
            // However small the pieces are.
            assertRefused(RawRequest.ask(server, first.split("")), first);
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
        assertEquals(SEEN, RawRequest.ask(server, head.split("")).orElseThrow().status());
        for (int i = 1; i < head.length(); i += 7) {
            assertEquals(
                    SEEN,
                    RawRequest.ask(server, head.substring(0, i), head.substring(i))
                            .orElseThrow()
                            .status());
        }
        String malformed = line("GET /ws  HTTP/1.1");
        for (int i = 1; i < malformed.length(); i += 7) {
            assertEquals(
                    400,
                    RawRequest.ask(server, malformed.substring(0, i), malformed.substring(i))
                            .orElseThrow()
                            .status());
        }
    }
}
