package io.tankws.it.selection.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.TransportSelectionException;
import io.tankws.core.TankWs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DuplicateTransportTest {
    @BeforeEach
    void runsOnTheConfiguredPath() {
        boolean modular = getClass().getModule().isNamed();
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }

    @Test
    void namesBothWithoutARequestedName() {
        assertNamesBoth(assertThrows(TransportSelectionException.class, TankWs::serve));
    }

    @Test
    void namesBothForTheirName() {
        assertNamesBoth(assertThrows(TransportSelectionException.class, () -> TankWs.serve("duplicate")));
    }

    @Test
    void namesBothForAnotherName() {
        assertNamesBoth(assertThrows(TransportSelectionException.class, () -> TankWs.serve("jetty")));
    }

    private void assertNamesBoth(TransportSelectionException thrown) {
        String where = getClass().getModule().isNamed()
                ? "module io.tankws.it.selection.duplicate"
                : getClass().getProtectionDomain().getCodeSource().getLocation().toString();
        assertEquals("""
                Two tank-ws transports are named 'duplicate':
                - duplicate (io.tankws.it.selection.duplicate.FirstProvider in %1$s)
                - duplicate (io.tankws.it.selection.duplicate.SecondProvider in %1$s)
                Remove one of them from the path.""".formatted(where), thrown.getMessage());
    }
}
