package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoServerTest {
    private static final int LARGE = 16 * 1024 * 1024;
    private static final int MANY = 1000;

    /** A client that counts the bytes and texts that come back. */
    private static final class Peer implements WebSocket.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> binaries = new LinkedBlockingQueue<>();
        private int bytes;

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            texts.add(data.toString());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            bytes += data.remaining();
            if (last) {
                binaries.add(bytes);
                bytes = 0;
            }
            from.request(1);
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void sendsBackSmallAndLargeMessagesInOrder(String transport) throws Exception {
        EchoServer server = EchoServer.start("--port", "0", "--transport", transport, "--max-message", "17000000");
        try {
            Peer peer = new Peer();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), peer)
                    .get(10, TimeUnit.SECONDS);
            for (int i = 0; i < MANY; i++) {
                socket.sendText("m" + i, true).get(10, TimeUnit.SECONDS);
            }
            for (int i = 0; i < MANY; i++) {
                assertEquals("m" + i, peer.texts.poll(10, TimeUnit.SECONDS));
            }
            socket.sendBinary(ByteBuffer.allocate(LARGE), true).get(30, TimeUnit.SECONDS);
            assertEquals(LARGE, peer.binaries.poll(30, TimeUnit.SECONDS));
            socket.abort();
        } finally {
            server.close();
        }
    }

    private static boolean compresses(EchoServer server) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            String request = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader head =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertEquals("HTTP/1.1 101 Switching Protocols", head.readLine());
            boolean found = false;
            for (String line = head.readLine(); !line.isEmpty(); line = head.readLine()) {
                found |= line.equalsIgnoreCase("Sec-WebSocket-Extensions: permessage-deflate");
            }
            return found;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void compressesOnlyWithTheOption(String compression) throws Exception {
        EchoServer server = EchoServer.start("--port", "0", "--compression", compression);
        try {
            assertEquals(compression.equals("on"), compresses(server));
        } finally {
            server.close();
        }
    }

    @Test
    void onlyJettyCompresses() {
        UsageException wrong = assertThrows(
                UsageException.class,
                () -> EchoServer.start("--port", "0", "--transport", "java-websocket", "--compression", "on"));
        assertEquals("--compression on needs --transport jetty", wrong.getMessage());
    }
}
