package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tankws.core.manager.ManagerContext;
import io.tankws.core.support.ManagerContexts;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final ManagerContext CONTEXT = ManagerContexts.newContext();

    private final SessionTable table = new SessionTable();

    private static ClientSession session(long number) {
        return ManagerContexts.session(CONTEXT, number, "ann");
    }

    @Test
    void findsTheAddedSessions() {
        ClientSession first = session(1);
        table.add(first);
        assertSame(first, table.find(1));
        assertNull(table.find(2));
        assertNull(table.find(0));
    }

    @Test
    void removesOnlyTheSessionItself() {
        ClientSession first = session(1);
        table.remove(first);
        table.add(first);
        table.remove(session(1));
        assertSame(first, table.find(1));
        table.remove(first);
        table.remove(first);
        assertNull(table.find(1));
    }

    /** Small tables fill and empty, so that the search passes holes and wraps around the end in all ways. */
    @Test
    void agreesWithAMapWhateverComesAndGoes() {
        Map<Long, ClientSession> expected = new HashMap<>();
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            boolean growing = i / 1000 % 2 == 0;
            long number = 1 + random.nextInt(random.nextInt(20) == 0 ? 1000 : 60);
            ClientSession present = expected.get(number);
            if (present == null && (growing || random.nextInt(4) == 0)) {
                ClientSession added = session(number);
                table.add(added);
                expected.put(number, added);
            } else if (present != null && (!growing || random.nextInt(4) == 0)) {
                table.remove(present);
                expected.remove(number);
            }
            assertSame(expected.get(number), table.find(number));
            if (i % 100 == 0) {
                for (long each = 0; each <= 1001; each++) {
                    assertSame(expected.get(each), table.find(each));
                }
            }
        }
    }
}
