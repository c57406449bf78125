package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.core.concurrent.RankedLock.Rank;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks are taken in one order, and no call leaves the core while the thread holds one. */
class RankedLockTest {
    private final List<RankedLock> taken = new ArrayList<>();

    private RankedLock take(Rank rank) {
        RankedLock lock = new RankedLock(rank);
        lock.lock();
        taken.add(lock);
        return lock;
    }

    @AfterEach
    void release() {
        taken.forEach(RankedLock::unlock);
        assertTrue(RankedLock.noneHeld());
    }

    @Test
    void locksMayBeTakenInTheirOrder() {
        for (Rank rank : Rank.values()) {
            take(rank);
        }
        assertFalse(RankedLock.noneHeld());
    }

    @ParameterizedTest
    @EnumSource
    void noTwoLocksOfOneKindMayBeTaken(Rank rank) {
        take(rank);
        assertThrows(AssertionError.class, () -> take(rank));
    }

    @Test
    void locksMayNotBeTakenAgainstTheirOrder() {
        take(Rank.TOPIC);
        assertThrows(AssertionError.class, () -> take(Rank.SESSION));
    }

    @Test
    void aLockMayBeTakenAgain() {
        RankedLock lock = take(Rank.TOPIC);
        lock.lock();
        lock.unlock();
        assertFalse(RankedLock.noneHeld());
    }

    @Test
    void anotherThreadHoldsNone() {
        take(Rank.SESSION);
        assertTrue(CompletableFuture.supplyAsync(RankedLock::noneHeld).join());
    }

    /** The checks are enabled: while the thread holds a lock, each call that leaves the core fails. */
    @Test
    void noCallLeavesUnderALock() {
        ManagerContext context = ManagerContexts.newContext();
        FakeConnection connection = new FakeConnection();
        ClientSession session = ManagerContexts.open(context, "u", connection);
        session.subscribe("t");
        take(Rank.TOPIC);
        assertThrows(AssertionError.class, () -> session.outbox.flush());
        assertThrows(AssertionError.class, () -> session.send(Message.text("m")));
        assertThrows(AssertionError.class, () -> context.distributor().publish("t", "m"));
        assertThrows(
                AssertionError.class,
                () -> context.distributor().broadcast(MessageBatch.of(Message.text("m")), null, this));
        assertThrows(AssertionError.class, () -> context.events.error(ErrorCode.READ_FAILED, "text", null, null));
        assertThrows(AssertionError.class, () -> session.unsubscribe("t"));
        assertEquals(List.of(), connection.written());
    }
}
