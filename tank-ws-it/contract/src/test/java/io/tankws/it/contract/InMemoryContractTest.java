package io.tankws.it.contract;

class InMemoryContractTest extends EngineContract {
    InMemoryContractTest() {
        super("in-memory");
    }
}
