package io.tankws.backplane.redis;

import io.tankws.ManagerLimits;
import io.tankws.spi.HistoryStore;
import io.tankws.testkit.contract.BackplaneHistoryStore;
import io.tankws.testkit.contract.HistoryStoreContract;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The history on Valkey, if it is installed. */
class ValkeyHistoryContractTest extends HistoryStoreContract {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static TestRedis valkey;

    private String cluster;

    @BeforeAll
    static void start() throws IOException {
        valkey = TestRedis.startValkey();
    }

    @AfterAll
    static void stop() throws IOException {
        if (valkey != null) {
            valkey.close();
        }
    }

    @Override
    protected HistoryStore open(ManagerLimits limits) {
        cluster = "valkey" + NUMBERS.incrementAndGet();
        return BackplaneHistoryStore.of(RedisHistoryContractTest.create(cluster, valkey.uri(), limits));
    }

    @Override
    protected void passTime(Duration duration) {
        RedisTime.pass(valkey, "tankws:" + cluster + ":*", duration);
    }
}
