package io.tankws.it.contract;

import io.tankws.testkit.contract.RequestHeadContract;
import io.tankws.testkit.contract.RequestLineContract;
import io.tankws.testkit.contract.TransportContract;
import org.junit.jupiter.api.Nested;

class JavaWebSocketContractTest extends TransportContract implements CoreFixture {
    @Override
    public String transport() {
        return "java-websocket";
    }

    @Nested
    class RequestHeads extends RequestHeadContract {
        RequestHeads() {
            super(JavaWebSocketContractTest.this);
        }
    }

    @Nested
    class RequestLines extends RequestLineContract {
        RequestLines() {
            super(JavaWebSocketContractTest.this);
        }
    }
}
