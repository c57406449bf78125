package io.tankws.it.cluster;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.backplane.redis.RedisBackplaneProvider;
import io.tankws.core.TankWs;
import io.tankws.spi.BackplaneProvider;
import io.tankws.testkit.contract.BackplaneContract;
import io.tankws.testkit.contract.BackplaneLockContract;
import io.tankws.testkit.contract.BackplaneOutageContract;
import io.tankws.testkit.contract.ClusterHistoryContract;
import io.tankws.testkit.contract.ClusterPresenceContract;
import io.tankws.testkit.contract.UserCommandContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contract of backplanes on a real Redis. */
class RedisBackplaneContractTest extends BackplaneContract implements CoreFixture {
    private final TestRedis redis = new TestRedis();

    @AfterEach
    void stop() {
        redis.close();
    }

    @Override
    public Optional<ClusterConfig> cluster(String name) {
        return Optional.of(ClusterConfig.of(name, redis.uri()));
    }

    @Nested
    class Histories extends ClusterHistoryContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return RedisBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class UserCommands extends UserCommandContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return RedisBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class Presences extends ClusterPresenceContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return RedisBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class Outage extends BackplaneOutageContract implements CoreFixture {
        @Override
        protected void breakBackplane() {
            redis.kill();
        }

        @Override
        protected void repairBackplane() {
            redis.start();
        }

        @Override
        public Manager.Builder manager() {
            return TankWs.builder(new RedisBackplaneProvider());
        }

        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return Optional.of(ClusterConfig.of(name, redis.uri()));
        }
    }

    @Nested
    class Locks extends BackplaneLockContract {
        @Override
        protected BackplaneProvider provider() {
            return new RedisBackplaneProvider();
        }

        @Override
        protected String uri() {
            return redis.uri();
        }

        @Override
        protected void breakBackplane() {
            redis.kill();
        }

        @Override
        protected void repairBackplane() {
            redis.start();
        }
    }
}
