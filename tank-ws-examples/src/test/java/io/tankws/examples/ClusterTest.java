package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClusterHealth.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two example servers that form a cluster over a real Redis. */
@Timeout(300)
class ClusterTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int EACH = 50;

    private Redis redis;
    private Server one;
    private Server two;

    private Server node(String... more) throws UsageException {
        String[] arguments = List.of("--port", "0", "--http-port", "0", "--redis", redis.uri(), "--cluster", "test")
                .toArray(new String[8 + more.length]);
        System.arraycopy(more, 0, arguments, 8, more.length);
        return Server.start(arguments);
    }

    private void nodes(String... more) throws Exception {
        one = node(more);
        two = node(more);
        for (Server each : List.of(one, two)) {
            Await.until("it is up", () -> each.manager().cluster().health().status() == Status.UP);
        }
    }

    @BeforeEach
    void startRedis() throws Exception {
        redis = new Redis();
    }

    @AfterEach
    void stop() throws Exception {
        for (Server each : new Server[] {one, two}) {
            if (each != null) {
                each.close();
            }
        }
        redis.close();
    }

    /** A client that keeps the texts that it receives. */
    private static final class Peer implements WebSocket.Listener {
        final List<String> texts = new CopyOnWriteArrayList<>();

        Peer(Server server, String topic) throws Exception {
            WebSocket socket = HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/ws"), this)
                    .get();
            socket.sendText("sub:" + topic, true).get();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            texts.add(data.toString());
            from.request(1);
            return null;
        }

        boolean has(String data) {
            return texts.stream().anyMatch(text -> text.contains(data));
        }

        List<String> numbered() {
            return texts.stream().filter(text -> text.contains("#")).toList();
        }
    }

    private static HttpRequest.Builder request(Server server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path));
    }

    private static HttpResponse<String> post(Server server, String path, String data) throws Exception {
        HttpRequest request = request(server, path)
                .POST(HttpRequest.BodyPublishers.ofString(data))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String stats(Server server) throws Exception {
        return HTTP.send(request(server, "/stats").build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void publishMany(Server server, String name) {
        try {
            for (int i = 0; i < EACH; i++) {
                assertEquals(202, post(server, "/publish/news", name + " #" + i).statusCode());
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void messagesOfANodeArriveAtBothNodesInTheSameOrder() throws Exception {
        nodes();
        Peer ann = new Peer(one, "news");
        Peer bob = new Peer(two, "news");
        Await.until("both hear the topic", () -> {
            post(one, "/publish/news", "probe");
            return ann.has("probe") && bob.has("probe");
        });
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> publishMany(two, "two"));
        publishMany(one, "one");
        other.get();
        Await.until(
                "all messages",
                () -> ann.numbered().size() == 2 * EACH && bob.numbered().size() == 2 * EACH);
        assertEquals(ann.numbered(), bob.numbered());
        for (String name : List.of("one", "two")) {
            assertEquals(
                    IntStream.range(0, EACH)
                            .mapToObj(i -> "{\"topic\":\"news\",\"data\":\"" + name + " #" + i + "\"}")
                            .toList(),
                    ann.numbered().stream().filter(text -> text.contains(name)).toList());
        }
        assertEquals(202, post(two, "/broadcast", "to all").statusCode());
        Await.until("the broadcast", () -> ann.has("to all") && bob.has("to all"));
    }

    @Test
    void countsTheWholeCluster() throws Exception {
        nodes();
        new Peer(one, "news");
        new Peer(two, "news");
        new Peer(two, "news");
        String whole = "\"clients\":3,\"topics\":{\"news\":3},";
        for (Server each : List.of(one, two)) {
            Await.until("figures of both", () -> stats(each).contains(whole));
        }
        String stats = stats(one);
        assertTrue(stats.startsWith("{\"clients\":1,\"topics\":{\"news\":1},"), stats);
        assertTrue(stats.contains("\"cluster\":{\"name\":\"test\",\"status\":\"UP\",\"since\":\""), stats);
        assertTrue(stats.endsWith("\"port\":" + one.port() + ",\"path\":\"/ws\"}}"), stats);
    }

    @Test
    void returnsTheReasonOfAFailedPublish() throws Exception {
        nodes();
        redis.close();
        Await.until("it is down", () -> stats(one).contains("\"status\":\"DOWN\""));
        for (String path : List.of("/publish/news", "/broadcast")) {
            HttpResponse<String> answer = post(one, path, "x");
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().length() > 10, answer.body());
        }
        String stats = stats(one);
        assertTrue(stats.contains("\"clients\":null,\"topics\":{}"), stats);
        assertTrue(stats.contains("\"publishFailures\":2,"), stats);
    }

    @Test
    void servesItsOwnClientsDuringAnOutageWithTheOption() throws Exception {
        nodes("--outage", "local");
        Peer ann = new Peer(one, "news");
        Await.until("the subscription", () -> one.manager().getTopicSubscriberCount("news") == 1);
        redis.close();
        Await.until("it is down", () -> stats(one).contains("\"status\":\"DOWN\""));
        assertEquals(202, post(one, "/publish/news", "here").statusCode());
        Await.until("the message", () -> ann.has("here"));
        assertTrue(stats(one).contains("\"deliveredLocally\":1,"), stats(one));
    }

    @Test
    void aMessageThatWaitsDelaysNoOtherMessage() throws Exception {
        nodes("--outage", "buffer");
        redis.close();
        Await.until("it is down", () -> stats(one).contains("\"status\":\"DOWN\""));
        List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, 20)
                .mapToObj(i -> HTTP.sendAsync(
                        request(one, "/publish/news")
                                .POST(HttpRequest.BodyPublishers.ofString("#" + i))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();
        Await.until("all wait", () -> stats(one).contains("\"pending\":20,"));
        one.close();
        for (CompletableFuture<HttpResponse<String>> each : waiting) {
            assertEquals(503, each.get().statusCode());
        }
    }
}
