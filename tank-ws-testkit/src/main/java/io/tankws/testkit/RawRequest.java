package io.tankws.testkit;

import io.tankws.WebSocketServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request of exactly the bytes that a test writes, for servers with sockets, with or without TLS. Each character of a
 * text stands for one byte. Not for the in-memory transport, which has no request heads.
 */
public final class RawRequest {
    private RawRequest() {}

    /**
     * Sends bytes and reads all that comes until the server ends the connection; after status 101, the head alone.
     *
     * @param server where to connect
     * @param pieces parts of the request, each sent by a write of its own, in Latin-1
     * @return the response, whose body is every byte after its head, also a further response; empty if the server
     *     ended the connection without one
     * @throws AssertionError if the server has not ended the connection within {@link Await#timeout()}
     */
    public static Optional<HttpReply> exchange(WebSocketServer server, String... pieces) {
        try (Socket socket = open(server)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Await.timeout().toMillis());
            send(socket.getOutputStream(), pieces);
            return parse(read(socket.getInputStream()));
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the server did not end the connection", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket open(WebSocketServer server) throws IOException {
        return server instanceof SecureServer secure
                ? secure.clientContext()
                        .getSocketFactory()
                        .createSocket(server.address().getAddress(), server.port())
                : new Socket(server.address().getAddress(), server.port());
    }

    private static void send(OutputStream out, String... pieces) throws IOException {
        try {
            for (String piece : pieces) {
                out.write(piece.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        } catch (SocketException e) {
            // The server has refused what it got; its answer is there to be read.
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.write(next);
                String text = next == '\n' ? all.toString(StandardCharsets.ISO_8859_1) : "";
                if (text.startsWith("HTTP/1.1 101 ") && text.endsWith("\r\n\r\n")) {
                    return text;
                }
            }
        } catch (SocketException e) {
            // A reset ends the connection as well.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private static Optional<HttpReply> parse(String response) {
        int end = response.indexOf("\r\n\r\n");
        if (end < 0) {
            if (!response.isEmpty()) {
                throw new AssertionError("no HTTP response: " + response);
            }
            return Optional.empty();
        }
        String[] lines = response.substring(0, end).split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        return Optional.of(new HttpReply(status, headers, response.substring(end + 4)));
    }
}
