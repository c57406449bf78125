package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HalfClosedSocketsTest {
    @Test
    void onlySoManyMayWait() {
        HalfClosedSockets sockets = new HalfClosedSockets(2);
        assertTrue(sockets.enter());
        assertTrue(sockets.enter());
        assertFalse(sockets.enter());
        assertEquals(2, sockets.size());
        sockets.leave();
        assertTrue(sockets.enter());
        assertFalse(sockets.enter());
    }

    @Test
    void awaitNoneReturnsWhenTheLastSocketIsRemoved() throws Exception {
        HalfClosedSockets sockets = new HalfClosedSockets();
        assertTrue(sockets.enter());
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> sockets.awaitNone(Duration.ofMinutes(10)));
        sockets.leave();
        waiting.get(10, TimeUnit.SECONDS);
        assertEquals(0, sockets.size());
    }

    @Test
    void awaitNoneEndsThoughOneStays() {
        HalfClosedSockets sockets = new HalfClosedSockets();
        assertTrue(sockets.enter());
        sockets.awaitNone(Duration.ofDays(1));
        sockets.awaitNone(Duration.ZERO);
        sockets.awaitNone(Duration.ofSeconds(-1));
        assertEquals(1, sockets.size());
    }
}
