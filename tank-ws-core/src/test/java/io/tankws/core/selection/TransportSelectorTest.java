package io.tankws.core.selection;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.TransportSelectionException;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransportSelectorTest {
    private record Fake(String name) implements TransportProvider {
        @Override
        public Transport create(TransportConfig config) {
            throw new AssertionError("selecting creates nothing");
        }
    }

    private final TransportProvider red = new Fake("red");
    private final TransportProvider blue = new Fake("blue");

    private static void assertFails(List<TransportProvider> found, String name, String... parts) {
        String text = assertThrows(
                        TransportSelectionException.class, () -> TransportSelector.select(found, name, "the test"))
                .getMessage();
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "'" + part + "' is missing in: " + text);
        }
    }

    @Test
    void takesTheOnlyOne() {
        assertSame(red, TransportSelector.select(List.of(red), null, "the test"));
    }

    @Test
    void takesTheNamedOne() {
        assertSame(blue, TransportSelector.select(List.of(red, blue), "blue", "the test"));
    }

    @Test
    void namesTheArtifactsWhenThereIsNone() {
        assertFails(List.of(), null, "tank-ws-transport-jetty", "tank-ws-transport-javawebsocket", "TankWs.serve(");
        assertFails(List.of(), "red", "'red'", "the test", "tank-ws-transport-jetty");
    }

    @Test
    void listsTheTransportsIfSeveralAreFound() {
        assertFails(List.of(red, blue), null, "Found 2", "- red (", "- blue (", "-Dio.tankws.transport=<name>");
    }

    @Test
    void listsTheTransportsIfTheNamedOneIsNotFound() {
        assertFails(List.of(red), "green", "'green'", "the test", "- red (" + Fake.class.getName());
    }

    @Test
    void refusesTwoOfOneName() {
        assertFails(List.of(red, new Fake("red")), "red", "Two", "'red'", "Remove one");
    }
}
