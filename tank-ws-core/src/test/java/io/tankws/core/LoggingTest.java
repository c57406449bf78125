package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Manager;
import io.tankws.spi.ConnectionListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    /** A whole life, with secrets in the query and in messages, errors included; returns what was logged. */
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
            assertTrue(text.contains("mallory?forged"));
            assertFalse(text.lines().anyMatch(line -> line.startsWith("forged")), text);
        }
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
