package io.tankws.protocol.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HandshakeRequest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The options of the protocol and its public types. */
class CentrifugeProtocolTest {
    private static final HandshakeRequest REQUEST = HandshakeRequest.builder(
                    "/", InetSocketAddress.createUnresolved("localhost", 1))
            .build();

    @Test
    void optionsOutOfRangeAreRefused() {
        CentrifugeProtocol.Builder builder = CentrifugeProtocol.builder();
        for (Duration interval :
                new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(1500), Duration.ofSeconds(3601)
                }) {
            assertThrows(IllegalArgumentException.class, () -> builder.pingInterval(interval));
        }
        assertThrows(IllegalArgumentException.class, () -> builder.pongTimeout(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.expiryGrace(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.maxHistoryPage(0));
        builder.pingInterval(Duration.ofSeconds(10)).pongTimeout(Duration.ofSeconds(10));
        assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals(Duration.ZERO, builder.pongTimeout(Duration.ZERO).build().pongTimeout());
    }

    @Test
    void errorsHaveCodesOfTheServerOrTheApplication() {
        assertThrows(IllegalArgumentException.class, () -> CentrifugeException.of(99, "x"));
        assertThrows(IllegalArgumentException.class, () -> CentrifugeException.of(2000, "x"));
        assertEquals(500, CentrifugeException.of(500, "x").code());
        assertTrue(CentrifugeException.temporary(400, "x").isTemporary());
    }

    @Test
    void secretsAreNotPartOfTheText() {
        assertEquals("ConnectAttempt[js 5.8.0]", attempt().toString());
        assertEquals(attempt(), attempt());
    }

    private static ConnectAttempt attempt() {
        return new ConnectAttempt("secret", Optional.empty(), "js", "5.8.0", Map.of("a", "secret"), REQUEST);
    }
}
