package io.tankws.backplane.redis;

import io.tankws.ManagerLimits;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.HistoryStore;
import io.tankws.testkit.Fault;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.contract.BackplaneHistoryStore;
import io.tankws.testkit.contract.HistoryStoreContract;
import io.tankws.testkit.contract.SharedHistoryStoreContract;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

class RedisHistoryContractTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static TestRedis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    static Backplane create(String cluster, String uri, ManagerLimits limits) {
        String node = "h" + NUMBERS.incrementAndGet();
        return new RedisBackplaneProvider().create(new BackplaneConfig(cluster, uri, node, node, "t:", limits, () -> {
            throw new AssertionError("Redis needs no history in memory");
        }));
    }

    @Nested
    class Store extends HistoryStoreContract {
        private String cluster;

        @Override
        protected HistoryStore open(ManagerLimits limits) {
            cluster = "store" + NUMBERS.incrementAndGet();
            return BackplaneHistoryStore.of(create(cluster, redis.uri(), limits));
        }

        @Override
        protected void passTime(Duration duration) {
            RedisTime.pass(redis, "tankws:" + cluster + ":*", duration);
        }
    }

    @Nested
    class Shared extends SharedHistoryStoreContract {
        private final String cluster = "shared" + NUMBERS.incrementAndGet();
        private FaultProxy proxy;

        @BeforeEach
        void openProxy() throws IOException {
            proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()));
        }

        @AfterEach
        void closeProxy() {
            proxy.close();
        }

        @Override
        protected Backplane create() {
            return RedisHistoryContractTest.create(
                    cluster, "redis://127.0.0.1:" + proxy.address().getPort(), ManagerLimits.defaults());
        }

        @Override
        protected void breakServer() {
            proxy.upstream(Fault.after(0, Fault.End.CLOSE));
        }

        @Override
        protected void repairServer() {
            proxy.upstream(Fault.none());
        }

        @Override
        protected void removeData() {
            redis.text("FLUSHALL");
        }
    }
}
