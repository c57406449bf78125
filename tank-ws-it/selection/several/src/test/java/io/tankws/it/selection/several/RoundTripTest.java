package io.tankws.it.selection.several;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final long SECONDS = 60;

    @Test
    void javaWebSocketGreetsSubscribesAndDeliversTheTopic() throws Exception {
        assertRoundTrip("java-websocket");
    }

    @Test
    void jettyGreetsSubscribesAndDeliversTheTopic() throws Exception {
        assertRoundTrip("jetty");
    }

    private static void assertRoundTrip(String transport) throws Exception {
        try (Manager manager = TankWs.newInstance();
                WebSocketServer server = TankWs.serve(transport)
                        .port(0)
                        .handle("/ws", manager::handleConnection)
                        .start()) {
            assertEquals(transport, server.transport());
            Inbox inbox = new Inbox();
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(SECONDS))
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/ws?user_id=ann"), inbox)
                    .get(SECONDS, TimeUnit.SECONDS);

            assertEquals("Hello, ann! Welcome to WebSocket server.", inbox.next());

            client.sendText("sub:news", true).get(SECONDS, TimeUnit.SECONDS);
            awaitSubscriber(manager);
            manager.broadcastTopicMessage("news", "it \"works\"");

            assertEquals("{\"topic\":\"news\",\"data\":\"it \\\"works\\\"\"}", inbox.next());

            manager.shutdown(Duration.ofSeconds(SECONDS));
            assertEquals("Server is shutting down", inbox.next());
            assertEquals("closed 1001", inbox.next());
        }
    }

    private static void awaitSubscriber(Manager manager) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (manager.getTopicSubscriberCount("news") == 0) {
            assertTrue(System.nanoTime() < deadline, "the subscription never arrived");
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static final class Inbox implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket client, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            client.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket client, int code, String reason) {
            received.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket client, Throwable error) {
            received.add("failed: " + error);
        }

        String next() throws InterruptedException {
            return received.poll(SECONDS, TimeUnit.SECONDS);
        }
    }
}
