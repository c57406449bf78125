package io.tankws.transport.javawebsocket;

import io.tankws.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The encoder of responses: refusals (RFC 9112 section 4) and accepted handshakes (RFC 6455 section 4.2.2). */
final class HttpResponse {
    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(421, "Misdirected Request"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private HttpResponse() {}

    /**
     * Encodes the acceptance. The library's own response allocates ten times as much: it parses a request and formats a
     * date.
     *
     * @param key the peer's Sec-WebSocket-Key
     */
    static ByteBuffer switchingProtocols(String key, Optional<String> subprotocol) {
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        append(head, "Upgrade", "websocket");
        append(head, "Connection", "Upgrade");
        append(head, "Sec-WebSocket-Accept", accept(key.strip()));
        subprotocol.ifPresent(name -> append(head, "Sec-WebSocket-Protocol", name));
        return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String accept(String key) {
        try {
            byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /**
     * Encodes a refusal.
     *
     * @param head whether the request was a HEAD, whose response ends with its headers (RFC 9110 section 9.3.2)
     */
    static ByteBuffer of(Refusal refusal, boolean head) {
        byte[] body = refusal.reason().getBytes(StandardCharsets.UTF_8);
        StringBuilder start = new StringBuilder("HTTP/1.1 ")
                .append(refusal.status())
                .append(' ')
                .append(PHRASES.getOrDefault(refusal.status(), "Refused"))
                .append("\r\n");
        refusal.headers().forEach((name, value) -> append(start, name, value));
        if (!has(refusal, "Content-Type")) {
            append(start, "Content-Type", "text/plain;charset=utf-8");
        }
        append(start, "Content-Length", Integer.toString(body.length));
        append(start, "Connection", has(refusal, "Upgrade") ? "Upgrade, close" : "close");
        byte[] bytes = start.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer response = ByteBuffer.allocate(bytes.length + body.length).put(bytes);
        return head ? response.flip() : response.put(body).flip();
    }

    private static boolean has(Refusal refusal, String header) {
        return refusal.headers().keySet().stream().anyMatch(header::equalsIgnoreCase);
    }

    private static void append(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
