package io.tankws.it.twins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.TransportSelectionException;
import io.tankws.core.TankWs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TwinTransportsTest {
    @BeforeEach
    void runsOnThePathThatTheBuildSays() {
        boolean modular = getClass().getModule().isNamed();
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }

    @Test
    void namesBothWhenNothingIsAskedFor() {
        assertNamesBoth(assertThrows(TransportSelectionException.class, TankWs::serve));
    }

    @Test
    void namesBothWhenTheirNameIsAskedFor() {
        assertNamesBoth(assertThrows(TransportSelectionException.class, () -> TankWs.serve("twin")));
    }

    @Test
    void namesBothWhenAnotherNameIsAskedFor() {
        assertNamesBoth(assertThrows(TransportSelectionException.class, () -> TankWs.serve("jetty")));
    }

    private void assertNamesBoth(TransportSelectionException thrown) {
        String where = getClass().getModule().isNamed()
                ? "module io.tankws.it.twins"
                : getClass().getProtectionDomain().getCodeSource().getLocation().toString();
        assertEquals("""
                Two tank-ws transports are named 'twin':
                - twin (io.tankws.it.twins.FirstProvider in %1$s)
                - twin (io.tankws.it.twins.SecondProvider in %1$s)
                Remove one of them from the path.""".formatted(where), thrown.getMessage());
    }
}
