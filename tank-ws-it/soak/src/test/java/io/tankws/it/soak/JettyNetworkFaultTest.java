package io.tankws.it.soak;

class JettyNetworkFaultTest extends NetworkFaultTest {
    JettyNetworkFaultTest() {
        super("jetty");
    }
}
