package io.tankws.it.soak;

import io.tankws.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends a fixed sequence, of the same length in bytes for every user, and reads to the end. */
final class RawPeer {
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
    private static final byte[] SUBSCRIBE = frame(1, "sub:cut");
    private static final byte[] PIECE = join(SUBSCRIBE, frame(1, "hello"), frame(9, "ping"), frame(8, "\u0003\u00e8"));

    private RawPeer() {}

    /** The number of bytes of the complete handshake response, and of all bytes received. */
    record Answer(int head, int all) {}

    static String user(int number) {
        return String.format("u%05d", number);
    }

    static byte[] head(InetSocketAddress address, String userId) {
        return String.join(
                        "\r\n",
                        "GET /ws?user_id=" + userId + " HTTP/1.1",
                        // The length does not depend on the port.
                        "Host: 127.0.0.1:" + String.format("%05d", address.getPort()),
                        "User-Agent: peer",
                        "Upgrade: websocket",
                        "Connection: keep-alive, Upgrade",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the number of bytes that the peer sends until it is subscribed. */
    static int subscribed(int headBytes) {
        return headBytes + SUBSCRIBE.length;
    }

    /** Returns the number of bytes that the peer sends in total. */
    static int all(int headBytes) {
        return headBytes + PIECE.length;
    }

    /**
     * Connects, and sends the rest when the handshake is answered.
     *
     * @return the bytes received until the end
     */
    static Answer run(InetSocketAddress address, String userId) {
        try {
            return talk(address, userId, Await.timeout());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server does not let go of " + userId, e);
        }
    }

    /** Closes the socket after that much silence, because the server's end may not arrive. */
    static void run(InetSocketAddress address, String userId, Duration patience) {
        try {
            talk(address, userId, patience);
        } catch (SocketTimeoutException e) {
            // The end of the server did not arrive.
        }
    }

    private static Answer talk(InetSocketAddress address, String userId, Duration patience)
            throws SocketTimeoutException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int head = 0;
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout((int) patience.toMillis());
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(head(address, userId));
            int next;
            while ((next = socket.getInputStream().read()) >= 0) {
                received.write(next);
                if (head == 0 && received.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    head = received.size();
                    socket.getOutputStream().write(PIECE);
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset also ends the connection.
        }
        return new Answer(head, received.size());
    }

    static byte[] frame(int opcode, String latin) {
        byte[] payload = latin.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(MASK, 0, frame, 2, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        return frame;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
