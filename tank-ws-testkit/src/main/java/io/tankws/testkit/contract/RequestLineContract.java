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
 * The request line of HTTP/1.1 (RFC 9112 section 3), each form with its answer, for transports with sockets. A
 * handler sees path and host of every valid one, whatever its form.
 */
public abstract class RequestLineContract extends RequestTableTestBase {
    /**
     * For subclasses.
     *
     * @param fixture the core, and a transport that has sockets
     */
    protected RequestLineContract(ContractFixture fixture) {
        super(fixture);
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
                Row.refused(404, line("GET /ws;x=y HTTP/1.1")),
                Row.refused(404, line("GET /;x/ws HTTP/1.1")),
                Row.refused(404, line("GET /ws|[]\"<>^`{} HTTP/1.1")),
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
                "/ws%",
                "/ws%zz",
                "/%u0041",
                "/ws%00",
                "/ws%0d%0a",
                "/%2e%2e/ws",
                "/../ws",
                "/./ws",
                "/a/../ws",
                "/a/../../ws",
                "/..;/ws",
                "/w%2Fs",
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
                "http://@localhost/ws",
                "http://localhost;x/ws",
                "http://[localhost]/ws",
                "http://[127.0.0.1]/ws",
                "http://[1::2::3]/ws",
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
            HttpReply reply = RawRequest.exchange(server, head + "Host: " + host + "\r\n" + UPGRADE + "\r\n")
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
                    RawRequest.exchange(server, head + hosts + UPGRADE + "\r\n").orElseThrow();
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
            HttpReply reply = RawRequest.exchange(server, head).orElseThrow();
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
        table.add(Row.refused(400, line("PRI * HTTP/1.1")));
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
}
