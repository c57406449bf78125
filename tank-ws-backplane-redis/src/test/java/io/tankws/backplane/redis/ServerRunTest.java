package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerRunTest {
    private static long ago(long seconds) {
        return System.nanoTime() - Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void readsTheInfoOfRedis() {
        ServerRun id = ServerRun.parse("# Server\r\nredis_mode:standalone\r\nrun_id:abc\r\nuptime_in_seconds:60\r\n");
        assertEquals("abc", id.runId());
        assertEquals("standalone", id.mode());
        assertTrue(id.hasStartedSince(ago(62)));
        assertFalse(id.hasStartedSince(ago(58)));
    }

    @Test
    void readsTheInfoOfValkey() {
        assertEquals(
                "cluster",
                ServerRun.parse("server_mode:cluster\r\nrun_id:abc\r\nuptime_in_seconds:0\r\n")
                        .mode());
    }

    @Test
    void anInfoWithoutRunIdIsUnknown() {
        ServerRun id = ServerRun.parse("# Server\r\nrun_id:abc\r\n");
        assertNull(id.runId());
        assertFalse(id.hasStartedSince(ago(1_000_000)));
    }
}
