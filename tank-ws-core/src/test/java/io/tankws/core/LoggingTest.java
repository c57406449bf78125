package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.CloseStatus;
import io.tankws.HandshakeRequest;
import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.FakeHandshake;
import io.tankws.spi.ConnectionListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The build sets the logger {@code io.tankws} of slf4j-simple to DEBUG and lets it write to standard error. */
class LoggingTest {
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(standardError);
    }

    /** Runs a manager from start to end, with secrets in queries and messages, and with errors. Returns its log. */
    private String live(Manager manager) throws InterruptedException {
        FakeHandshake handshake = new FakeHandshake("/ws?user_id=mallory%0Aforged&token=secret-token");
        manager.handleConnection(handshake);
        ConnectionListener listener = handshake.listener();
        listener.onOpen(new FakeConnection());
        for (String text : new String[] {"sub:news", "sub:", "unsub:news", "secret-body"}) {
            listener.onText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
        listener.onError(new IllegalStateException("secret-body"));
        listener.onClose(CloseStatus.ABNORMAL);
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsEachStepWhenDebugIsOnAndNoSecretEver() throws InterruptedException {
        try (Manager manager = TankWs.newInstance()) {
            manager.enableDebug();
            String text = live(manager);
            for (String step : new String[] {
                "connect", "subscribe", "unsubscribe", "disconnect", "error 1008", "error 1003", "IllegalStateException"
            }) {
                assertTrue(text.contains(step), step);
            }
            assertTrue(text.contains("DEBUG io.tankws"));
            assertFalse(text.contains("secret"), text);
            assertTrue(text.contains("mallory\\u000Aforged"));
            assertFalse(text.lines().anyMatch(line -> line.startsWith("forged")), text);
        }
    }

    @Test
    void noTextOfAClientForgesALine() throws InterruptedException {
        String marks = "\u0085\u2028\u2029\u202E\u2066\u200B\u009B\u000B\r\n";
        try (Manager manager = TankWs.builder()
                .authenticator(request -> refuseOrAccept(request))
                .build()
                .start()) {
            manager.enableDebug();
            String encoded = URLEncoder.encode(marks + "forged", StandardCharsets.UTF_8);
            FakeHandshake refused = new FakeHandshake("/ws?refuse=" + encoded);
            manager.handleConnection(refused);
            assertEquals(403, refused.refusedWith());
            FakeHandshake handshake = new FakeHandshake("/ws?user_id=" + encoded);
            manager.handleConnection(handshake);
            ConnectionListener listener = handshake.listener();
            listener.onOpen(new FakeConnection());
            for (String text : new String[] {"sub:", "unsub:"}) {
                listener.onText(ByteBuffer.wrap((text + marks + "forged").getBytes(StandardCharsets.UTF_8)));
            }
            listener.onClose(CloseStatus.ABNORMAL);
        }
        String text = log.toString(StandardCharsets.UTF_8);
        String escaped = "\\u0085\\u2028\\u2029\\u202E\\u2066\\u200B\\u009B";
        for (String step : new String[] {"subscribe", "unsubscribe"}) {
            assertTrue(text.matches("(?s).* " + step + " .*" + Pattern.quote(escaped) + ".*"), text);
        }
        assertTrue(text.contains("this is forged"), text);
        assertTrue(text.contains("handshake refused with 403"), text);
        assertFalse(text.chars().anyMatch(c -> c != '\n' && marks.indexOf(c) >= 0), text);
        assertFalse(text.lines().anyMatch(line -> line.startsWith("forged")), text);
    }

    /** A refusal whose reason repeats a client's text, except the characters that a {@link Refusal} forbids. */
    private static CompletionStage<Authentication> refuseOrAccept(HandshakeRequest request) {
        Authentication decision = request.queryParameter("refuse")
                .map(text -> Authentication.refused(new Refusal(403, "this is " + text.replaceAll("[^ -~]", ""))))
                .orElse(Authentication.accepted());
        return CompletableFuture.completedFuture(decision);
    }

    @Test
    void warnsOfRefusedHandshakes() throws InterruptedException {
        String origin = "https://evil.example\r\nforged\u202E" + "x".repeat(10_000);
        try (Manager manager = TankWs.newInstance()) {
            for (int i = 0; i < 100; i++) {
                assertEquals(403, refused(manager, "/ws?token=secret", origin));
                assertEquals(400, refused(manager, "/ws?token=secret%", "https://other.example"));
            }
        }
        List<String> lines = log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" io.tankws - "))
                .toList();
        assertEquals(2, lines.size(), lines.toString());
        String first = lines.get(0);
        assertTrue(first.contains("WARN io.tankws"), first);
        assertTrue(first.contains("of 192.0.2.1 refused with 403"), first);
        assertTrue(first.contains("trustedProxies"), first);
        assertTrue(first.contains("Origin: https://evil.example\\u000D\\u000Aforged\\u202Exxx"), first);
        assertTrue(first.contains("Host: example.org"), first);
        assertTrue(first.length() < 1500, first);
        assertTrue(lines.get(1).contains("refused with 400"), lines.get(1));
        assertTrue(lines.get(1).contains("Origin: https://other.example, Host: example.org"), lines.get(1));
        assertFalse(lines.toString().contains("secret"), first);
    }

    private static int refused(Manager manager, String target, String origin) throws InterruptedException {
        FakeHandshake handshake = new FakeHandshake(target, "Origin", origin);
        manager.handleConnection(handshake);
        return handshake.refusedWith();
    }

    @Test
    void saysNothingOtherwise() throws InterruptedException {
        try (Manager manager = TankWs.newInstance()) {
            assertEquals("", live(manager));
            manager.enableDebug();
            manager.disableDebug();
            assertEquals("", live(manager));
        }
    }
}
