package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.core.config.HeartbeatConfig;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.HeartbeatMonitor.Finding;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.support.RunningTime;
import org.junit.jupiter.api.Test;

class HeartbeatMonitorTest {
    private final HeartbeatConfig heartbeat = new HeartbeatConfig(30, 10);
    private final HeartbeatMonitor pulse = new HeartbeatMonitor(0);

    private Finding check(long now, long lastRead) {
        Finding finding = pulse.check(now, lastRead, 0, false, heartbeat, false);
        if (finding == Finding.PING) {
            pulse.pinged(now);
        }
        return finding;
    }

    @Test
    void pingsEveryInterval() {
        assertEquals(Finding.NONE, check(29, 0));
        assertEquals(Finding.PING, check(30, 0));
        assertEquals(Finding.NONE, check(31, 31));
        assertEquals(Finding.NONE, check(59, 31));
        assertEquals(Finding.PING, check(60, 31));
    }

    @Test
    void silenceBeforeThePingDoesNotCount() {
        assertEquals(Finding.PING, check(1000, 0));
        assertEquals(Finding.NONE, check(1010, 0));
        assertEquals(Finding.TIMEOUT, check(1011, 0));
    }

    @Test
    void silenceIsMeasuredFromTheFirstUnansweredPing() {
        HeartbeatConfig slow = new HeartbeatConfig(30, 60);
        assertEquals(Finding.PING, pulse.check(30, 0, 0, false, slow, false));
        pulse.pinged(30);
        assertEquals(Finding.PING, pulse.check(60, 0, 0, false, slow, false));
        pulse.pinged(60);
        assertEquals(Finding.PING, pulse.check(90, 0, 0, false, slow, false));
        pulse.pinged(90);
        assertEquals(Finding.TIMEOUT, pulse.check(91, 0, 0, false, slow, false));
    }

    @Test
    void anythingReceivedIsLife() {
        assertEquals(Finding.PING, check(30, 0));
        assertEquals(Finding.NONE, check(50, 35));
        assertEquals(Finding.PING, check(60, 35));
        assertEquals(Finding.TIMEOUT, check(71, 35));
    }

    @Test
    void aPausedClientIsNotSilent() {
        assertEquals(Finding.PING, check(30, 0));
        assertEquals(Finding.NONE, pulse.check(100, 0, 0, false, heartbeat, true));
        assertEquals(Finding.PING, pulse.check(101, 0, 0, false, heartbeat, false));
    }

    /** A blocked write moves on when the peer has read 256 KiB, for which it has 4 seconds beside the timeout. */
    private Finding blocked(long now, long drained) {
        Finding finding = pulse.check(now, 0, drained, true, heartbeat, false);
        pulse.blocked(now);
        return finding;
    }

    @Test
    void progressOfAWriteIsLife() {
        assertEquals(Finding.PING, blocked(30, 0));
        assertEquals(Finding.PING, blocked(39, 1));
        assertEquals(Finding.PING, blocked(4_000_000_049L, 2));
        assertEquals(Finding.PING, blocked(8_000_000_059L, 2));
        assertEquals(Finding.TIMEOUT, blocked(8_000_000_060L, 2));
    }

    @Test
    void aWriteWithoutProgressIsSilence() {
        assertEquals(Finding.PING, blocked(30, 0));
        assertEquals(Finding.PING, blocked(4_000_000_040L, 0));
        assertEquals(Finding.TIMEOUT, blocked(4_000_000_041L, 0));
    }

    @Test
    void silenceCountsFromWhenThePingHasLeft() {
        assertEquals(Finding.PING, blocked(30, 0));
        assertEquals(Finding.PING, pulse.check(39, 0, 1, false, heartbeat, false));
        pulse.pinged(45);
        assertEquals(Finding.NONE, pulse.check(55, 0, 1, false, heartbeat, false));
        assertEquals(Finding.TIMEOUT, pulse.check(56, 0, 1, false, heartbeat, false));
    }

    @Test
    void aPeerHasTimeToReadALargeMessageBeforeItAnswers() {
        pulse.sentLarge(30, 2 * HeartbeatMonitor.MIN_BYTES_PER_SECOND);
        assertEquals(Finding.PING, check(30, 0));
        assertEquals(Finding.PING, check(2_000_000_040L, 0));
        pulse.sentLarge(2_000_000_040L, 3 * HeartbeatMonitor.MIN_BYTES_PER_SECOND);
        assertEquals(Finding.PING, check(3_000_000_050L, 0));
        assertEquals(Finding.TIMEOUT, check(3_000_000_051L, 0));
    }

    @Test
    void noMoreIsUnreadThanTheSystemsBetweenHold() {
        pulse.sentLarge(30, 100L * HeartbeatMonitor.MAX_HELD_BYTES);
        long read = 30 + HeartbeatMonitor.MAX_HELD_BYTES / HeartbeatMonitor.MIN_BYTES_PER_SECOND * 1_000_000_000L;
        assertEquals(Finding.PING, check(30, 0));
        assertEquals(Finding.PING, check(read + 10, 0));
        assertEquals(Finding.TIMEOUT, check(read + 11, 0));
    }

    /** The server was late to read, not the peer to send. */
    @Test
    void aClientThatWasReadLateIsNotDisconnected() {
        ManagerContext context = ManagerContexts.newContext();
        FakeConnection connection = new FakeConnection();
        ClientSession session = ManagerContexts.open(context, "u", connection);
        HeartbeatConfig second = new HeartbeatConfig(1_000_000_000, 1_000_000_000);
        long now = RunningTime.nanoTime();
        SessionCheck.run(session, now + 2_000_000_000L, second);
        connection.hasUnread = true;
        SessionCheck.run(session, now + 4_000_000_000L, second);
        assertEquals(0, connection.aborts);
        connection.hasUnread = false;
        SessionCheck.run(session, now + 5_000_000_000L, second);
        assertEquals(0, connection.aborts);
        SessionCheck.run(session, now + 7_000_000_000L, second);
        assertEquals(1, connection.aborts);
    }
}
