package io.tankws.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** The handshake of each connection, with the key and the accept value of the example in RFC 6455. */
public final class UpgradeRequest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private UpgradeRequest() {}

    static byte[] head(String host, int port, String path, int user) {
        return ("GET " + path + "?user_id=b" + user + " HTTP/1.1\r\nHost: " + host + ":" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + KEY
                        + "\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Length in bytes of the shortest {@linkplain #isAccepted accepted} response. */
    public static byte[] answer() {
        return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + ACCEPT + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the length of the head, or 0 if it is not complete. */
    public static int endOfHead(byte[] in, int length) {
        for (int i = 4; i <= length; i++) {
            if (in[i - 4] == '\r' && in[i - 3] == '\n' && in[i - 2] == '\r' && in[i - 1] == '\n') {
                return i;
            }
        }
        return 0;
    }

    static boolean isAccepted(byte[] in, int end) {
        String head = new String(in, 0, end, StandardCharsets.ISO_8859_1);
        return head.startsWith("HTTP/1.1 101 ") && head.contains(ACCEPT);
    }
}
