package io.tankws.testkit.contract;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import java.util.Optional;

/** The subject of a backplane contract: the core, a transport and a backplane. */
public interface BackplaneFixture {
    /**
     * Starts from the defaults.
     *
     * @return a builder of a manager
     */
    Manager.Builder manager();

    /**
     * Starts from the defaults, on any transport.
     *
     * @return a builder of a server
     */
    WebSocketServer.Builder server();

    /**
     * Names a cluster that works.
     *
     * @param name its name
     * @return the cluster; empty if messages never leave the manager, which then is alone
     */
    Optional<ClusterConfig> cluster(String name);
}
