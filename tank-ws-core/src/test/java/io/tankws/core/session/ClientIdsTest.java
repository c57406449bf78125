package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClientIdsTest {
    private final ClientIds ids = new ClientIds();

    @Test
    void anIdHoldsItsNumber() {
        String id = ids.of(Long.MAX_VALUE);
        assertTrue(id.matches("[0-9a-f]{24}-9223372036854775807"), id);
        assertEquals(Long.MAX_VALUE, ids.number(id));
    }

    @Test
    void anotherProcessHasOtherIds() {
        ClientIds other = new ClientIds();
        assertNotEquals(ids.of(1), other.of(1));
        assertEquals(0, ids.number(other.of(1)));
    }

    @Test
    void otherTextsAreNoIds() {
        for (String text :
                new String[] {"", "1", "c1", ids.of(1) + "x", ids.of(1).substring(0, 25)}) {
            assertEquals(0, ids.number(text), text);
        }
    }
}
