package io.tankws.core.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneSelectionException;
import io.tankws.ClusterConfig;
import io.tankws.core.TankWs;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackplaneSelectorTest {
    private static final ClusterConfig CLUSTER = ClusterConfig.of("demo", "REDIS://me:secret@host");

    private record Provider(String name, Set<String> schemes) implements BackplaneProvider {
        @Override
        public Backplane create(BackplaneConfig config) {
            throw new UnsupportedOperationException();
        }
    }

    private final Provider redis = new Provider("redis", Set.of("redis", "rediss"));
    private final Provider other = new Provider("other", Set.of("other"));

    private static String complaint(List<BackplaneProvider> found) {
        String text = assertThrows(BackplaneSelectionException.class, () -> BackplaneSelector.select(found, CLUSTER))
                .getMessage();
        assertFalse(text.contains("secret"), text);
        return text;
    }

    @Test
    void takesTheOnlyOneThatSpeaksTheUri() {
        assertSame(redis, BackplaneSelector.select(List.of(other, redis), CLUSTER));
    }

    @Test
    void theMessageNamesTheFoundBackplanesAndTheSolution() {
        assertTrue(complaint(List.of()).contains("Found: none"));
        assertTrue(complaint(List.of()).contains("tank-ws-backplane-redis"));
        assertTrue(complaint(List.of(other)).contains("other for other"));
    }

    @Test
    void hasNoPriorities() {
        Provider twin = new Provider("twin", Set.of("redis"));
        assertTrue(complaint(List.of(redis, twin)).startsWith("2 tank-ws backplanes speak redis"));
    }

    @Test
    void aGivenBackplaneWantsACluster() {
        String text = assertThrows(
                        IllegalStateException.class, () -> TankWs.builder(redis).build())
                .getMessage();
        assertTrue(text.contains("cluster"), text);
        assertEquals("ClusterConfig[demo by redis]", CLUSTER.toString());
    }
}
