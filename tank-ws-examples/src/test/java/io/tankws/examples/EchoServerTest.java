package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoServerTest {
    private static final int LARGE = 16 * 1024 * 1024;
    private static final int MANY = 1000;

    /** Counts bytes and texts that came back. */
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
}
