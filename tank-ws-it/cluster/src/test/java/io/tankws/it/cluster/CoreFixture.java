package io.tankws.it.cluster;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.contract.BackplaneFixture;

/** The core on the in-memory transport, as a part of the subject of backplane contracts. */
interface CoreFixture extends BackplaneFixture {
    @Override
    default Manager.Builder manager() {
        return TankWs.builder();
    }

    @Override
    default WebSocketServer.Builder server() {
        return TankWs.serve("in-memory");
    }
}
