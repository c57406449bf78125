package io.tankws.it.contract;

import io.tankws.testkit.contract.ConnectionContract;

/** Connections over HTTP/2, on a handler that is mounted on a server of the application. */
class JettyHttp2ContractTest extends ConnectionContract implements CoreFixture {
    @Override
    public String transport() {
        return Http2TransportProvider.NAME;
    }
}
