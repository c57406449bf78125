package io.tankws.it.contract;

import io.tankws.testkit.contract.TransportContract;

class InMemoryContractTest extends TransportContract implements CoreFixture {
    @Override
    public String transport() {
        return "in-memory";
    }
}
