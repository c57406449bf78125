package io.tankws.core.selection;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ProtocolSelectionException;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolSession;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolSelectorTest {
    private record Named(String name) implements ClientProtocol {
        @Override
        public ProtocolSession open(ProtocolConnection connection) {
            throw new UnsupportedOperationException();
        }
    }

    private final Named lines = new Named("lines");
    private final Named other = new Named("other");

    private static String complaint(List<ClientProtocol> found) {
        return assertThrows(ProtocolSelectionException.class, () -> ProtocolSelector.select(found, "lines"))
                .getMessage();
    }

    @Test
    void takesTheOneWithTheName() {
        assertSame(lines, ProtocolSelector.select(List.of(other, lines), "lines"));
    }

    @Test
    void theMessageNamesTheFoundProtocolsAndTheSolution() {
        assertTrue(complaint(List.of()).contains("Found: none"));
        assertTrue(complaint(List.of(other)).contains("other (" + Named.class.getName()));
        assertTrue(complaint(List.of(other)).contains("manager.endpoint(protocol)"));
    }

    @Test
    void hasNoPriorities() {
        assertTrue(complaint(List.of(lines, new Named("lines"))).startsWith("2 tank-ws protocols are named 'lines'"));
    }
}
