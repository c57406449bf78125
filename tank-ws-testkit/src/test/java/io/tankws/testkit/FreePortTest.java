package io.tankws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortTest {
    /** Linux chooses the ports of outgoing connections from 32768 on, and other systems from 49152 on. */
    @Test
    void noOutgoingConnectionTakesThePort() throws IOException {
        int port = FreePort.find();
        assertTrue(port >= FreePort.MIN_PORT && port <= FreePort.MAX_PORT, () -> "port " + port);
        assertTrue(FreePort.MAX_PORT < 32_768);
        try (ServerSocket server = new ServerSocket(port)) {
            assertEquals(port, server.getLocalPort());
        }
    }
}
