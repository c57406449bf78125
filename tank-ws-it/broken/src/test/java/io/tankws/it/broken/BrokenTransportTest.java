package io.tankws.it.broken;

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
    void runsOnThePathThatTheBuildSays() {
        boolean modular = getClass().getModule().isNamed();
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }

    @Test
    void isNeverSkippedForASoundOne() {
        assertTellsWhatFailed(assertThrows(TransportSelectionException.class, TankWs::serve));
    }

    @Test
    void failsEvenIfASoundOneIsAskedFor() {
        assertTellsWhatFailed(assertThrows(TransportSelectionException.class, () -> TankWs.serve("sound")));
    }

    @Test
    void doesNotMatterToWhoPassesAProvider() {
        try (var server = TankWs.serve(new SoundProvider()).start()) {
            assertEquals("sound", server.transport());
        }
    }

    private static void assertTellsWhatFailed(TransportSelectionException thrown) {
        String text = thrown.getMessage();
        assertTrue(text.startsWith("A tank-ws transport failed to load: "), text);
        assertTrue(text.contains(BrokenProvider.class.getName()), text);
        assertTrue(text.contains("the license has expired"), text);
        assertTrue(text.contains("- sound (" + SoundProvider.class.getName() + " in "), text);
        Throwable cause = assertInstanceOf(ServiceConfigurationError.class, thrown.getCause());
        assertEquals("the license has expired", cause.getCause().getMessage());
    }
}
