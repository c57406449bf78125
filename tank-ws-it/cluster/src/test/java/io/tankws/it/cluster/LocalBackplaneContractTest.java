package io.tankws.it.cluster;

import io.tankws.ClusterConfig;
import io.tankws.testkit.contract.BackplaneContract;
import io.tankws.testkit.contract.ClusterHistoryContract;
import io.tankws.testkit.contract.ClusterPresenceContract;
import io.tankws.testkit.contract.UserCommandContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The contract of backplanes without a cluster, where messages never leave the process. */
class LocalBackplaneContractTest extends BackplaneContract implements CoreFixture {
    @Override
    public Optional<ClusterConfig> cluster(String name) {
        return Optional.empty();
    }

    @Nested
    class Histories extends ClusterHistoryContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return LocalBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class UserCommands extends UserCommandContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return LocalBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class Presences extends ClusterPresenceContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return LocalBackplaneContractTest.this.cluster(name);
        }
    }
}
