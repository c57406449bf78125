package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * The Go library's browser client, tank-websocket.js, in a real browser. Its first listener calls {@code
 * event.data.indexOf}, which a binary message does not have. A throw there keeps the message from the listeners of the
 * application.
 */
class PlainClientTest {
    private static final long WAIT_SECONDS = 60;
    private static final String CLIENT = """
            <!doctype html>
            <script>
            window.topics = [];
            window.messages = [];
            window.failures = [];
            window.onerror = (message) => { window.failures.push(String(message)); };
            const listeners = [
              (event) => {
                if (event.data.indexOf("topic") < 1) {
                  return;
                }
                try {
                  const parsed = JSON.parse(event.data);
                  if (parsed.topic) {
                    window.topics.push(parsed.topic + "=" + parsed.data);
                  }
                } catch (e) {
                  window.failures.push(String(e));
                }
              },
              (event) => window.messages.push(event.data),
            ];
            window.client = new WebSocket("URI");
            client.addEventListener("message", (event) => listeners.forEach((listener) => listener(event)));
            client.addEventListener("open", () => client.send("sub:news"));
            </script>
            """;

    @RegisterExtension
    private final Chromium chromium = new Chromium();

    /** Chromium offers compression, which jetty accepts if it is switched on. */
    @ParameterizedTest
    @CsvSource({"jetty, false", "jetty, true", "java-websocket, false"})
    @Timeout(300)
    void binaryMessagesOfOthersDoNotBreakIt(String transport, boolean compression) throws Exception {
        ChromeDriver browser = chromium.browser();
        try (PageServer pages = new PageServer();
                Manager manager = TankWs.builder()
                        .greeting("")
                        .upgrader(Upgrader.defaults()
                                .withOriginRule(OriginRule.of(List.of(pages.origin())))
                                .withCompression(compression))
                        .build()
                        .start();
                WebSocketServer server =
                        TankWs.serve(transport).port(0).handle("/ws", manager).start()) {
            String uri = "ws://127.0.0.1:" + server.port() + "/ws";
            pages.page(CLIENT.replace("URI", uri));
            browser.get(pages.origin());
            Await.until("the subscription", () -> manager.getTopicSubscriberCount("news") == 1);
            WebSocket program = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(uri), new WebSocket.Listener() {})
                    .get(WAIT_SECONDS, TimeUnit.SECONDS);
            send(program, "Grüße 🐢".getBytes(StandardCharsets.UTF_8));
            send(program, new byte[0]);
            send(program, new byte[] {0, 1, (byte) 0x80, (byte) 0xFF});
            send(program, "x".repeat(60_000).getBytes(StandardCharsets.UTF_8));
            program.sendText("last", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
            Await.until("the last message", () -> list(browser, "messages").contains("last"));
            manager.broadcastTopicMessage("news", "still here");
            Await.until("the topic's message", () -> !list(browser, "topics").isEmpty());

            assertEquals(List.of(), list(browser, "failures"));
            assertEquals(
                    List.of("Grüße 🐢", "", "x".repeat(60_000), "last"),
                    list(browser, "messages").subList(0, 4));
            assertEquals(List.of("news=still here"), list(browser, "topics"));
            assertEquals(
                    Map.of(ErrorCode.SERIALIZATION_FAILED, 1L),
                    manager.statistics().errors());
            assertEquals(Map.of(DropReason.NOT_TEXT, 1L), manager.statistics().drops());
            program.abort();
        }
    }

    private static void send(WebSocket program, byte[] message) throws Exception {
        program.sendBinary(ByteBuffer.wrap(message), true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static List<?> list(ChromeDriver browser, String name) {
        return (List<?>) browser.executeScript("return window." + name);
    }
}
