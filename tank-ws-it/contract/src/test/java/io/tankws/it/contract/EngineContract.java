package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.contract.TransportContract;
import org.junit.jupiter.api.Test;

/** The contract with the engine of the core, on a transport that the name selects. */
abstract class EngineContract extends TransportContract {
    private final String transport;

    EngineContract(String transport) {
        this.transport = transport;
    }

    @Override
    public Manager.Builder manager() {
        return TankWs.builder();
    }

    @Override
    public WebSocketServer.Builder server() {
        return TankWs.serve(transport);
    }

    @Test
    void runsOnTheTransportAndThePathThatTheBuildSays() {
        try (WebSocketServer server = server().port(0).start()) {
            assertEquals(transport, server.transport());
        }
        boolean modular = System.getProperty("io.tankws.it.path").equals("module path");
        assertEquals(modular, getClass().getModule().isNamed());
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }
}
