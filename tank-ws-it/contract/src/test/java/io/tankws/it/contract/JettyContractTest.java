package io.tankws.it.contract;

import io.tankws.testkit.contract.RequestHeadContract;
import io.tankws.testkit.contract.RequestLineContract;
import io.tankws.testkit.contract.TransportContract;
import org.junit.jupiter.api.Nested;

class JettyContractTest extends TransportContract implements CoreFixture {
    @Override
    public String transport() {
        return "jetty";
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
