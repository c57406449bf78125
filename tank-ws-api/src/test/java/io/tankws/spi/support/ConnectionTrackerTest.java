package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ConnectionTrackerTest {
    private final ConnectionTracker connections = new ConnectionTracker();

    /** A peer that answers a close, or does not. */
    private final class Peer implements Connection {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final boolean answers;

        Peer(boolean answers) {
            this.answers = answers;
        }

        @Override
        public boolean write(List<Frame> frames, WriteCallback callback) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public void close(CloseStatus status) {
            calls.add("close " + status.code());
            if (answers) {
                connections.remove(this);
            }
        }

        @Override
        public void abort() {
            calls.add("abort");
            connections.remove(this);
        }

        @Override
        public void pauseReading() {
            throw new AssertionError("not paused");
        }

        @Override
        public void resumeReading() {
            throw new AssertionError("not resumed");
        }
    }

    @Test
    void closesAllAndDisconnectsPeersThatDoNotAnswer() {
        Peer polite = new Peer(true);
        Peer mute = new Peer(false);
        connections.add(polite);
        connections.add(mute);
        connections.close(Duration.ofMillis(20));
        assertEquals(List.of("close 1001"), polite.calls);
        assertEquals(List.of("close 1001", "abort"), mute.calls);
    }

    @Test
    void closesLateConnectionsAtOnce() {
        connections.close(Duration.ZERO);
        Peer late = new Peer(true);
        connections.add(late);
        assertEquals(List.of("close 1001"), late.calls);
    }

    @Test
    void takesTheLongestTimeThereIs() {
        Peer polite = new Peer(true);
        connections.add(polite);
        connections.close(Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(List.of("close 1001"), polite.calls);
    }

    @Test
    void anInterruptCutsOffAtOnceAndStays() {
        Peer mute = new Peer(false);
        connections.add(mute);
        Thread.currentThread().interrupt();
        connections.close(Duration.ofMinutes(10));
        assertTrue(Thread.interrupted());
        assertEquals(List.of("close 1001", "abort"), mute.calls);
    }
}
