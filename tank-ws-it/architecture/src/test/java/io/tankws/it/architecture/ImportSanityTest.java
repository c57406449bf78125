package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules see the classes of all modules, so that none holds only because it checks no class. */
class ImportSanityTest {
    private static final Map<String, Integer> AT_LEAST = Map.of(
            "io.tankws", 65,
            "io.tankws.auth.jwt", 10,
            "io.tankws.backplane.redis", 12,
            "io.tankws.core", 55,
            "io.tankws.examples", 15,
            "io.tankws.protocol.centrifuge", 45,
            "io.tankws.testkit", 70,
            "io.tankws.transport.javawebsocket", 20,
            "io.tankws.transport.jetty", 20,
            "io.tankws.transport.memory", 20);

    @Test
    void everyModuleIsLookedAtInFull() {
        assertEquals(AT_LEAST.keySet(), OwnModule.ALL.keySet());
        AT_LEAST.forEach((name, least) -> {
            int seen = OwnModule.ALL.get(name).classes().size();
            assertTrue(seen >= least, () -> "only " + seen + " classes of " + name + " were seen");
        });
    }
}
