package io.tankws.it.selection.none;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.TransportSelectionException;
import io.tankws.core.TankWs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NoTransportTest {
    private static final String ADVICE = " found; there is none at all. Add io.tankws:tank-ws-transport-jetty or"
            + " io.tankws:tank-ws-transport-javawebsocket to the module path or class path, or pass one with"
            + " TankWs.serve(provider).";

    @BeforeEach
    void runsOnTheConfiguredPath() {
        boolean modular = getClass().getModule().isNamed();
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }

    @AfterEach
    void clearProperty() {
        System.clearProperty("io.tankws.transport");
    }

    @Test
    void namesBothArtifactsAndTheProviderOption() {
        TransportSelectionException thrown = assertThrows(TransportSelectionException.class, TankWs::serve);

        assertEquals("No tank-ws transport" + ADVICE, thrown.getMessage());
        assertNull(thrown.getCause());
    }

    @Test
    void namesTheRequestedTransport() {
        TransportSelectionException thrown =
                assertThrows(TransportSelectionException.class, () -> TankWs.serve("jetty"));

        assertEquals(
                "No tank-ws transport named 'jetty' (asked for by TankWs.serve(\"jetty\"))" + ADVICE,
                thrown.getMessage());
    }

    @Test
    void namesThePropertyThatRequestedIt() {
        System.setProperty("io.tankws.transport", "in-memory");

        TransportSelectionException thrown = assertThrows(TransportSelectionException.class, TankWs::serve);

        assertTrue(
                thrown.getMessage().contains("named 'in-memory' (asked for by -Dio.tankws.transport=in-memory)"),
                thrown::getMessage);
    }

    @Test
    void managersNeedNoTransport() {
        try (var manager = TankWs.newInstance()) {
            assertTrue(manager.isRunning());
        }
    }
}
