package io.tankws.examples.guide;

import io.tankws.WebSocketServer;
import io.tankws.testkit.TestClient;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** The base of the tests that run the code of the guide. */
abstract class GuideTest {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Closes something after the test, the latest first. */
    final <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Returns a client that has received its greeting. */
    final TestClient connect(WebSocketServer server, String target) {
        TestClient client = closing(TestClient.connect(server, target));
        client.awaitText();
        return client;
    }

    @AfterEach
    final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
