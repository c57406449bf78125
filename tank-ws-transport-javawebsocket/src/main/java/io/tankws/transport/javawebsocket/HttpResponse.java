package io.tankws.transport.javawebsocket;

import io.tankws.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Encodes a refusal (RFC 9112 section 4). */
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
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    private HttpResponse() {}

    static ByteBuffer of(Refusal refusal) {
        byte[] body = refusal.reason().getBytes(StandardCharsets.UTF_8);
        String connection = "close";
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(refusal.status())
                .append(' ')
                .append(PHRASES.getOrDefault(refusal.status(), "Refused"))
                .append("\r\n");
        for (Map.Entry<String, String> header : refusal.headers().entrySet()) {
            if (header.getKey().equalsIgnoreCase("Connection")) {
                connection = header.getValue() + ", close";
            } else if (!header.getKey().equalsIgnoreCase("Content-Length")
                    && !header.getKey().equalsIgnoreCase("Content-Type")) {
                append(head, header.getKey(), header.getValue());
            }
        }
        append(head, "Content-Type", "text/plain;charset=utf-8");
        append(head, "Content-Length", Integer.toString(body.length));
        append(head, "Connection", connection);
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip();
    }

    private static void append(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
