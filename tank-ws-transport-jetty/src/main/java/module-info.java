/** Carries tank-ws over Jetty 12.1. */
module io.tankws.transport.jetty {
    requires transitive io.tankws;
    requires transitive org.eclipse.jetty.server;
    requires org.eclipse.jetty.websocket.core.server;
    requires org.slf4j;
}
