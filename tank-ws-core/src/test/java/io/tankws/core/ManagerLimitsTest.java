package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.ClientLimits;
import io.tankws.Limits;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import org.junit.jupiter.api.Test;

class ManagerLimitsTest {
    /** With less, no client could send a message of the maximum size in several frames. */
    @Test
    void incompleteMessagesHaveRoomForTheLargestMessage() {
        Manager.Builder builder = TankWs.builder()
                .limits(ManagerLimits.builder().partialMessageBytes(65_535).build());
        assertEquals(
                "partialMessageBytes must be at least maxMessageBytes, 65536, but was 65535",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
        builder.clientLimits(ClientLimits.builder().maxMessageBytes(100).build());
        assertEquals(65_535, builder.build().limits().partialMessageBytes());
    }

    @Test
    void theDefaultOfIncompleteMessagesGrowsWithTheLargestMessage() {
        ClientLimits limits =
                ClientLimits.builder().maxMessageBytes(Limits.UNLIMITED).build();
        Manager manager = TankWs.builder().clientLimits(limits).build();
        assertEquals(Limits.UNLIMITED, manager.limits().partialMessageBytes());
        assertEquals(limits, manager.clientLimits());
    }
}
