package io.tankws.it.selection.broken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.TransportSelectionException;
import io.tankws.core.TankWs;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokenTransportTest {
    @BeforeEach
    void runsOnTheConfiguredPath() {
        boolean modular = getClass().getModule().isNamed();
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }

    @Test
    void isNotSkippedForAWorkingOne() {
        assertReportsTheFailure(assertThrows(TransportSelectionException.class, TankWs::serve));
    }

    @Test
    void failsEvenIfAWorkingOneIsRequested() {
        assertReportsTheFailure(assertThrows(TransportSelectionException.class, () -> TankWs.serve("working")));
    }

    @Test
    void aGivenProviderIsUnaffected() {
        try (var server = TankWs.serve(new WorkingProvider()).start()) {
            assertEquals("working", server.transport());
        }
    }

    private static void assertReportsTheFailure(TransportSelectionException thrown) {
        String text = thrown.getMessage();
        assertTrue(text.startsWith("A tank-ws transport failed to load: "), text);
        assertTrue(text.contains(BrokenProvider.class.getName()), text);
        assertTrue(text.contains("the license has expired"), text);
        assertTrue(text.contains("- working (" + WorkingProvider.class.getName() + " in "), text);
        Throwable cause = assertInstanceOf(ServiceConfigurationError.class, thrown.getCause());
        assertEquals("the license has expired", cause.getCause().getMessage());
    }
}
