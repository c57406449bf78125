package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.contract.ContractFixture;
import org.junit.jupiter.api.Test;

/** The core on a transport that a name selects, as the subject of a contract. */
interface CoreFixture extends ContractFixture {
    /** Returns the name of the transport. */
    String transport();

    @Override
    default Manager.Builder manager() {
        return TankWs.builder();
    }

    @Override
    default WebSocketServer.Builder server() {
        return TankWs.serve(transport());
    }

    @Test
    default void runsOnTheTransportAndThePathThatTheBuildSays() {
        try (WebSocketServer server = server().port(0).start()) {
            assertEquals(transport(), server.transport());
        }
        boolean modular = System.getProperty("io.tankws.it.path").equals("module path");
        assertEquals(modular, getClass().getModule().isNamed());
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }
}
