package io.tankws.it.contract;

import io.tankws.testkit.contract.RequestHeadContract;
import io.tankws.testkit.contract.RequestLineContract;
import org.junit.jupiter.api.Nested;

class JettyContractTest extends EngineContract {
    JettyContractTest() {
        super("jetty");
    }

    @Nested
    class RequestHeads extends RequestHeadContract {
        RequestHeads() {
            super(JettyContractTest.this);
        }
    }

    @Nested
    class RequestLines extends RequestLineContract {
        RequestLines() {
            super(JettyContractTest.this);
        }
    }
}
