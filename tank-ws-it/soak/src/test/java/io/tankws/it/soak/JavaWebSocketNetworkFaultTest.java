package io.tankws.it.soak;

class JavaWebSocketNetworkFaultTest extends NetworkFaultTest {
    JavaWebSocketNetworkFaultTest() {
        super("java-websocket");
    }
}
