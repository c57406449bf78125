package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialListenerTest {
    private static final CloseStatus FIRST = new CloseStatus(4001, "first");
    private static final CloseStatus SECOND = new CloseStatus(4002, "second");

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private Runnable inOpen = () -> {};
    private Runnable inClose = () -> {};
    private final SerialListener serial = new SerialListener(new Recorder(), () -> calls.add("after end"));

    private class Recorder implements ConnectionListener {
        @Override
        public void onOpen(Connection connection) {
            calls.add("open");
            inOpen.run();
        }

        @Override
        public void onOpenFailed(Throwable cause) {
            calls.add("open failed");
        }

        @Override
        public void onText(ByteBuffer utf8) {}

        @Override
        public void onBinary(ByteBuffer payload) {}

        @Override
        public void onPing(ByteBuffer payload) {}

        @Override
        public void onPong(ByteBuffer payload) {}

        @Override
        public void onReadComplete() {
            calls.add("read complete");
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onClose(CloseStatus status) {
            calls.add("close " + status.code());
            inClose.run();
        }
    }

    @Test
    void opensOnceAndClosesOnce() {
        assertTrue(serial.open(null));
        assertFalse(serial.open(null));
        serial.close(FIRST);
        serial.close(SECOND);
        serial.openFailed(new Throwable());
        assertFalse(serial.open(null));
        assertEquals(List.of("open", "close 4001", "after end"), calls);
    }

    @Test
    void failsToOpenOnce() {
        serial.openFailed(new Throwable());
        serial.close(FIRST);
        serial.openFailed(new Throwable());
        assertFalse(serial.open(null));
        assertEquals(List.of("open failed", "after end"), calls);
    }

    @Test
    void anEndBeforeTheStartIsAFailureToOpen() {
        serial.close(FIRST);
        assertFalse(serial.open(null));
        assertFalse(serial.enter());
        assertEquals(List.of("open failed", "after end"), calls);
    }

    @Test
    void allowsNoCallBeforeTheStart() {
        assertFalse(serial.enter());
    }

    @Test
    void anEndDuringOnOpenFollowsIt() {
        inOpen = () -> {
            serial.close(FIRST);
            calls.add("still open");
        };
        assertTrue(serial.open(null));
        assertEquals(List.of("open", "still open", "close 4001", "after end"), calls);
    }

    @Test
    void anEndDuringNestedCallsFollowsTheOutermost() {
        serial.open(null);
        assertTrue(serial.enter());
        assertTrue(serial.enter());
        serial.close(FIRST);
        assertFalse(serial.enter());
        serial.leave();
        serial.listener().onReadComplete();
        serial.leave();
        assertEquals(List.of("open", "read complete", "close 4001", "after end"), calls);
    }

    @Test
    void endsAlsoIfTheListenerThrows() {
        inOpen = () -> {
            throw new IllegalStateException("in onOpen");
        };
        inClose = () -> {
            throw new IllegalStateException("in onClose");
        };
        assertThrows(IllegalStateException.class, () -> serial.open(null));
        assertThrows(IllegalStateException.class, () -> serial.close(FIRST));
        serial.close(SECOND);
        assertEquals(List.of("open", "close 4001", "after end"), calls);
    }

    @Test
    void holdsNoLockDuringACall() throws InterruptedException {
        Thread other = new Thread(() -> serial.close(SECOND));
        inClose = () -> {
            other.start();
            try {
                other.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            calls.add(other.isAlive() ? "blocked" : "not blocked");
        };
        serial.open(null);
        serial.close(FIRST);
        other.join();
        assertEquals(List.of("open", "close 4001", "not blocked", "after end"), calls);
    }

    @Test
    void anEndByAnotherThreadNeverOverlapsACall() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger overlaps = new AtomicInteger();
            AtomicInteger closes = new AtomicInteger();
            SerialListener raced = new SerialListener(new Recorder() {
                @Override
                public void onClose(CloseStatus status) {
                    overlaps.addAndGet(inside.get());
                    closes.incrementAndGet();
                }
            });
            raced.open(null);
            Thread other = new Thread(() -> raced.close(FIRST));
            other.start();
            while (raced.enter()) {
                inside.incrementAndGet();
                Thread.onSpinWait();
                inside.decrementAndGet();
                raced.leave();
            }
            other.join();
            assertEquals(0, overlaps.get());
            assertEquals(1, closes.get());
        }
    }
}
