package io.tankws.it.contract;

class JavaWebSocketContractTest extends EngineContract {
    JavaWebSocketContractTest() {
        super("java-websocket");
    }
}
