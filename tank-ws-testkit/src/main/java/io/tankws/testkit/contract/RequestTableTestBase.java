package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Handshake;
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
import org.jspecify.annotations.Nullable;

/** Tables of request heads, each with its answer and with what a handler sees of it. */
abstract class RequestTableTestBase extends ContractTestBase {
    /** The status of a handler that has seen the request. */
    static final int SEEN = 418;

    static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    final BlockingQueue<HandshakeRequest> seen = new LinkedBlockingQueue<>();

    RequestTableTestBase(ContractFixture fixture) {
        super(fixture);
    }

    /** A server whose handlers record the request. Its time for a head is so long that no test waits for its end. */
    WebSocketServer recording() {
        return closing(fixture()
                .server()
                .port(0)
                .limits(serverLimits(limits -> limits.handshakeTimeout(Duration.ofMinutes(10))))
                .handle("/ws", this::record)
                .handle("/", this::record)
                .start());
    }

    private void record(Handshake handshake) {
        seen.add(handshake.request());
        handshake.refuse(new Refusal(SEEN, "seen"));
    }

    static String line(String requestLine) {
        return requestLine + "\r\nHost: localhost\r\n" + UPGRADE + "\r\n";
    }

    static String headers(String... headers) {
        return "GET /ws HTTP/1.1\r\n" + String.join("", headers) + "\r\n";
    }

    static String with(String header) {
        return headers("Host: localhost\r\n", UPGRADE, header + "\r\n");
    }

    /** The answer to a head, and path and host as the handler sees them. */
    record Row(
            String head,
            int status,
            @Nullable String path,
            @Nullable String host) {
        static Row refused(int status, String head) {
            return new Row(head, status, null, null);
        }

        static Row seen(String head, String path, String host) {
            return new Row(head, SEEN, path, host);
        }
    }

    void check(List<Row> table) {
        WebSocketServer server = recording();
        List<String> wrong = new ArrayList<>();
        for (Row row : table) {
            Optional<HttpReply> reply = RawRequest.exchange(server, row.head);
            int status = reply.map(HttpReply::status).orElse(0);
            HandshakeRequest request = seen.poll();
            @Nullable String path = request == null ? null : request.path();
            @Nullable
            String host = request == null ? null : request.header("Host").orElse("");
            Row got = new Row(row.head, status, path, host);
            // Whatever scheme a target in absolute form has.
            boolean secure = request == null ? server.isSecure() : request.isSecure();
            if (!got.equals(row)
                    || secure != server.isSecure()
                    || !reply.map(RequestTableTestBase::isFramed).orElse(true)) {
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
}
