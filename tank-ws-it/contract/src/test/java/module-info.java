/** The contract of transports, checked on all transports. */
module io.tankws.it.contract {
    requires io.tankws.core;
    requires io.tankws.testkit;
    requires io.tankws.transport.jetty;
    requires java.net.http;
    requires org.eclipse.jetty.alpn.java.client;
    requires org.eclipse.jetty.alpn.java.server;
    requires org.eclipse.jetty.http2.client;
    requires org.eclipse.jetty.http2.server;
    requires org.junit.jupiter.params;

    opens io.tankws.it.contract to
            org.junit.platform.commons;

    provides io.tankws.spi.TransportProvider with
            io.tankws.it.contract.Http2TransportProvider;
}
