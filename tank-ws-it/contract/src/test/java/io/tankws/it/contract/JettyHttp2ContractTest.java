package io.tankws.it.contract;

/** The whole contract again, over HTTP/2 on a handler that is mounted on the application's own server. */
class JettyHttp2ContractTest extends EngineContract {
    JettyHttp2ContractTest() {
        super(Http2TransportProvider.NAME);
    }
}
