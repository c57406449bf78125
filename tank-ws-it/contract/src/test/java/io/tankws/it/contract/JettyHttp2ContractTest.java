package io.tankws.it.contract;

/** The contract of transports over HTTP/2, on a handler that is mounted on a server of the application. */
class JettyHttp2ContractTest extends EngineContract {
    JettyHttp2ContractTest() {
        super(Http2TransportProvider.NAME);
    }
}
