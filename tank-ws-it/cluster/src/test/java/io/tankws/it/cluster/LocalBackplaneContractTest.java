package io.tankws.it.cluster;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.contract.BackplaneContract;
import io.tankws.testkit.contract.ClusterHistoryContract;
import io.tankws.testkit.contract.ClusterPresenceContract;
import io.tankws.testkit.contract.UserCommandContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The contract of backplanes without a cluster, where messages never leave the process. */
class LocalBackplaneContractTest extends BackplaneContract {
    @Override
    public Manager.Builder manager() {
        return TankWs.builder();
    }

    @Override
    public WebSocketServer.Builder server() {
        return TankWs.serve("in-memory");
    }

    @Override
    public Optional<ClusterConfig> cluster(String name) {
        return Optional.empty();
    }

    @Nested
    class Histories extends ClusterHistoryContract {
        @Override
        public Manager.Builder manager() {
            return LocalBackplaneContractTest.this.manager();
        }

        @Override
        public WebSocketServer.Builder server() {
            return LocalBackplaneContractTest.this.server();
        }

        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return LocalBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class UserCommands extends UserCommandContract {
        @Override
        public Manager.Builder manager() {
            return LocalBackplaneContractTest.this.manager();
        }

        @Override
        public WebSocketServer.Builder server() {
            return LocalBackplaneContractTest.this.server();
        }

        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return LocalBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class Presences extends ClusterPresenceContract {
        @Override
        public Manager.Builder manager() {
            return LocalBackplaneContractTest.this.manager();
        }

        @Override
        public WebSocketServer.Builder server() {
            return LocalBackplaneContractTest.this.server();
        }

        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return LocalBackplaneContractTest.this.cluster(name);
        }
    }
}
