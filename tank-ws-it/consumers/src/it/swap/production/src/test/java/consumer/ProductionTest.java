package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application in a process of its own, with the jars of scope runtime and without any setting. */
@Timeout(300)
class ProductionTest {
    @Test
    void jettyServesOnTheModulePath() throws Exception {
        jettyServes("-p", "target/app", "-m", "consumer.app/consumer.Notices");
    }

    @Test
    void jettyServesOnTheClassPath() throws Exception {
        jettyServes("-cp", "target/app" + File.separator + "*", "consumer.Notices");
    }

    private static void jettyServes(String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(List.of(arguments));
        Process app = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String line = new BufferedReader(new InputStreamReader(app.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            assertTrue(line != null && line.startsWith("jetty "), () -> "it said " + line);
            URI uri = URI.create("ws://127.0.0.1:" + line.substring("jetty ".length()) + "/ws?user_id=ann");
            assertEquals("Hello, ann! Welcome to WebSocket server.", firstText(uri));
            app.getOutputStream().close();
            assertTrue(app.waitFor(120, TimeUnit.SECONDS), "it does not end");
            assertEquals(0, app.exitValue());
        } finally {
            app.destroyForcibly();
        }
    }

    private static String firstText(URI uri) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        first.complete(data.toString());
                        return null;
                    }
                })
                .get(120, TimeUnit.SECONDS);
        try {
            return first.get(120, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }
}
