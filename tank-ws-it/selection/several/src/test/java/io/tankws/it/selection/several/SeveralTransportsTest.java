package io.tankws.it.selection.several;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.TransportSelectionException;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeveralTransportsTest {
    private static final String PROPERTY = "io.tankws.transport";
    private static final String ADVICE = """
            keep a single transport on the path, name one with TankWs.serve(name) or \
            -Dio.tankws.transport=<name>, or pass one with TankWs.serve(provider).""";

    private final boolean modular = getClass().getModule().isNamed();

    @BeforeEach
    void runsOnTheConfiguredPath() {
        assertEquals(System.getProperty("io.tankws.it.path"), modular ? "module path" : "class path");
        assertEquals(modular, TankWs.class.getModule().isNamed());
    }

    @AfterEach
    void clearProperty() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void withoutANameListsEachTransportWithAdvice() {
        TransportSelectionException thrown = assertThrows(TransportSelectionException.class, TankWs::serve);

        assertEquals("Found 3 tank-ws transports:\n" + descriptions() + "\nChoose one: " + ADVICE, thrown.getMessage());
    }

    @Test
    void anUnknownNameListsEachTransport() {
        TransportSelectionException thrown =
                assertThrows(TransportSelectionException.class, () -> TankWs.serve("netty"));

        assertEquals(
                "No tank-ws transport named 'netty' (asked for by TankWs.serve(\"netty\")). Found:\n" + descriptions()
                        + "\nChoose one of these: " + ADVICE,
                thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "in-memory"})
    void eachNameChoosesItsTransport(String name) {
        try (WebSocketServer server = TankWs.serve(name).port(0).start()) {
            assertEquals(name, server.transport());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "in-memory"})
    void thePropertyChoosesTheTransport(String name) {
        System.setProperty(PROPERTY, name);

        try (WebSocketServer server = TankWs.serve().port(0).start()) {
            assertEquals(name, server.transport());
        }
    }

    private String descriptions() {
        return String.join(
                "\n",
                description("in-memory", "io.tankws.transport.memory", "InMemoryTransportProvider"),
                description("java-websocket", "io.tankws.transport.javawebsocket", "JavaWebSocketTransportProvider"),
                description("jetty", "io.tankws.transport.jetty", "JettyTransportProvider"));
    }

    private String description(String name, String module, String type) {
        String where = modular ? "module " + module : PathEntries.url(module).toString();
        return "- " + name + " (" + module + "." + type + " in " + where + ")";
    }
}
