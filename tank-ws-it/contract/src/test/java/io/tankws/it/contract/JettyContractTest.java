package io.tankws.it.contract;

import io.tankws.testkit.contract.RequestHeadContract;
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
}
