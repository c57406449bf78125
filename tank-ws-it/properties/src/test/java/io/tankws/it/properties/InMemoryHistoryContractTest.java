package io.tankws.it.properties;

import io.tankws.ManagerLimits;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.history.MemoryHistoryStore;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.HistoryStore;
import io.tankws.testkit.contract.BackplaneHistoryStore;
import io.tankws.testkit.contract.HistoryStoreContract;
import io.tankws.testkit.contract.SharedHistoryStoreContract;
import io.tankws.transport.memory.InMemoryBackplaneProvider;
import io.tankws.transport.memory.InMemoryHub;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

class InMemoryHistoryContractTest {
    private static final String URI = "in-memory:histories";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** The time of the clock of all stores, in nanoseconds. */
    private volatile long now;

    private Backplane create(String cluster, ManagerLimits limits) {
        String node = "node" + NUMBERS.incrementAndGet();
        return new InMemoryBackplaneProvider()
                .create(new BackplaneConfig(
                        cluster,
                        URI,
                        node,
                        node,
                        "t:",
                        limits,
                        () -> new MemoryHistoryStore(new MemoryHistory(limits, () -> now))));
    }

    @Nested
    class Store extends HistoryStoreContract {
        @Override
        protected HistoryStore open(ManagerLimits limits) {
            return BackplaneHistoryStore.of(create("cluster" + NUMBERS.incrementAndGet(), limits));
        }

        @Override
        protected void passTime(Duration duration) {
            now += duration.toNanos();
        }
    }

    @Nested
    class Shared extends SharedHistoryStoreContract {
        private final String cluster = "cluster" + NUMBERS.incrementAndGet();
        private final InMemoryHub hub = InMemoryHub.open(URI, cluster);

        @AfterEach
        void closeHub() {
            hub.close();
        }

        @Override
        protected Backplane create() {
            return InMemoryHistoryContractTest.this.create(cluster, ManagerLimits.defaults());
        }

        @Override
        protected void breakServer() {
            hub.disconnect();
        }

        @Override
        protected void repairServer() {
            hub.reconnect();
        }

        @Override
        protected void removeData() {
            hub.removeHistories();
        }
    }
}
