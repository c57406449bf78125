/**
 * The transport on Jetty 12.1: on a server of its own, selected by the name {@code jetty}, or mounted on a Jetty server
 * of the application as a {@link io.tankws.transport.jetty.TankWsHandler}.
 *
 * @provides io.tankws.spi.TransportProvider by the name {@code jetty}
 */
module io.tankws.transport.jetty {
    requires transitive io.tankws;
    requires transitive org.eclipse.jetty.server;
    requires org.eclipse.jetty.websocket.core.server;
    requires org.slf4j;

    exports io.tankws.transport.jetty;

    provides io.tankws.spi.TransportProvider with
            io.tankws.transport.jetty.JettyTransportProvider;
}
