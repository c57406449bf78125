package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteSerializerTest {
    private final WriteSerializer gate = new WriteSerializer();
    private final List<String> runs = new ArrayList<>();

    @Test
    void ownWritesComeOneByOne() {
        assertTrue(gate.enter());
        assertThrows(IllegalStateException.class, gate::enter);
        gate.leave().run();
        assertTrue(gate.enter());
    }

    @Test
    void jettysWriteRunsAtOnceAndEndsOurWrites() {
        gate.writeAfterCurrent(() -> runs.add("jetty"));
        assertEquals(List.of("jetty"), runs);
        assertFalse(gate.enter());
        gate.writeAfterCurrent(() -> runs.add("jetty again"));
        assertEquals(List.of("jetty", "jetty again"), runs);
    }

    @Test
    void jettysWriteWaitsForOursInFlight() {
        assertTrue(gate.enter());
        gate.writeAfterCurrent(() -> runs.add("jetty"));
        assertThrows(IllegalStateException.class, gate::enter);
        assertEquals(List.of(), runs);
        Runnable next = gate.leave();
        assertFalse(gate.enter());
        next.run();
        assertEquals(List.of("jetty"), runs);
        assertFalse(gate.enter());
    }

    @Test
    void noWriteOfOursFollowsTheEnd() {
        assertTrue(gate.enter());
        gate.end();
        gate.leave().run();
        assertFalse(gate.enter());
    }
}
