package io.tankws.it.contract;

class JettyContractTest extends EngineContract {
    JettyContractTest() {
        super("jetty");
    }
}
