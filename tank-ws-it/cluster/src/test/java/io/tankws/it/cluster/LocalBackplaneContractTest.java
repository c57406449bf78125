package io.tankws.it.cluster;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.contract.BackplaneContract;
import java.util.Optional;

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
}
