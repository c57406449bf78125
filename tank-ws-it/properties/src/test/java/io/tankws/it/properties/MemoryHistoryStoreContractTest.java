package io.tankws.it.properties;

import io.tankws.ManagerLimits;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.history.MemoryHistoryStore;
import io.tankws.spi.HistoryStore;
import io.tankws.testkit.contract.HistoryStoreContract;
import java.time.Duration;

class MemoryHistoryStoreContractTest extends HistoryStoreContract {
    /** The time of the clock of all stores, in nanoseconds. Starts before zero, as a real clock may. */
    private volatile long now = -1_000_000;

    @Override
    protected HistoryStore open(ManagerLimits limits) {
        return new MemoryHistoryStore(new MemoryHistory(limits, () -> now));
    }

    @Override
    protected void passTime(Duration duration) {
        now += duration.toNanos();
    }
}
