package io.tankws.testkit.contract;

import io.tankws.Manager;
import io.tankws.WebSocketServer;

/** The subject of a contract: the core and a transport. */
public interface ContractFixture {
    /**
     * Starts from the defaults.
     *
     * @return a builder of a manager
     */
    Manager.Builder manager();

    /**
     * Starts from the defaults, on the transport under test.
     *
     * @return a builder of a server
     */
    WebSocketServer.Builder server();
}
