package io.tankws.it.selection.single;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.TransportSelectionException;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SingleTransportTest {
    private static final String PROPERTY = "io.tankws.transport";
    private static final String NAME = "in-memory";
    private static final String MODULE = "io.tankws.transport.memory";
    private static final String TYPE = "InMemoryTransportProvider";

    private final TransportProvider found =
            ServiceLoader.load(TransportProvider.class).findFirst().orElseThrow();

    @BeforeEach
    void runsOnTheConfiguredPath() {
        boolean modular = getClass().getModule().isNamed();
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
        assertEquals(modular, found.getClass().getModule().isNamed());
    }

    @AfterEach
    void clearProperty() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void isChosenWithoutANameAndRuns() {
        try (WebSocketServer server = TankWs.serve().port(0).start()) {
            assertEquals(NAME, server.transport());
            assertTrue(server.isRunning());
        }
    }

    @Test
    void isChosenByName() {
        try (WebSocketServer server = TankWs.serve(NAME).port(0).start()) {
            assertEquals(NAME, server.transport());
        }
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheTransport() {
        TransportSelectionException thrown =
                assertThrows(TransportSelectionException.class, () -> TankWs.serve("netty"));

        assertEquals("""
                No tank-ws transport named 'netty' (asked for by TankWs.serve("netty")). Found:
                - %s (%s.%s in %s)
                Choose one of these: keep a single transport on the path, name one with TankWs.serve(name) or \
                -Dio.tankws.transport=<name>, or pass one with TankWs.serve(provider).""".formatted(NAME, MODULE, TYPE, description()), thrown.getMessage());
    }

    @Test
    void thePropertyChoosesIt() {
        System.setProperty(PROPERTY, NAME);

        try (WebSocketServer server = TankWs.serve().port(0).start()) {
            assertEquals(NAME, server.transport());
        }
    }

    @Test
    void anUnknownNameInThePropertyIsAnError() {
        System.setProperty(PROPERTY, "netty");

        TransportSelectionException thrown = assertThrows(TransportSelectionException.class, TankWs::serve);

        assertTrue(
                thrown.getMessage().contains("named 'netty' (asked for by -Dio.tankws.transport=netty)"),
                thrown::getMessage);
    }

    @Test
    void theNameInCodeOverridesTheProperty() {
        System.setProperty(PROPERTY, "netty");

        try (WebSocketServer server = TankWs.serve(NAME).port(0).start()) {
            assertEquals(NAME, server.transport());
        }
    }

    @Test
    void aGivenProviderOverridesThePropertyAndThePath() {
        System.setProperty(PROPERTY, "netty");

        try (WebSocketServer server =
                TankWs.serve(new Renamed("by-hand", found)).port(0).start()) {
            assertEquals("by-hand", server.transport());
        }
    }

    private String description() {
        return found.getClass().getModule().isNamed()
                ? "module " + MODULE
                : found.getClass()
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString();
    }

    private record Renamed(String name, TransportProvider provider) implements TransportProvider {
        @Override
        public Transport create(TransportConfig config) {
            return provider.create(config);
        }
    }
}
