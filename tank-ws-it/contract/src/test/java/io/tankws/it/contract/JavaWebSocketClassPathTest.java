package io.tankws.it.contract;

import io.tankws.testkit.contract.ConnectionContract;
import io.tankws.testkit.contract.RequestHeadContract;
import io.tankws.testkit.contract.RequestLineContract;
import org.junit.jupiter.api.Nested;

/** Connections of Java-WebSocket on the class path, on which the library finds its classes in another way. */
class JavaWebSocketClassPathTest extends ConnectionContract implements CoreFixture {
    @Override
    public String transport() {
        return "java-websocket";
    }

    @Nested
    class RequestHeads extends RequestHeadContract {
        RequestHeads() {
            super(JavaWebSocketClassPathTest.this);
        }
    }

    @Nested
    class RequestLines extends RequestLineContract {
        RequestLines() {
            super(JavaWebSocketClassPathTest.this);
        }
    }
}
