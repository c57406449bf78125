/** The transport on Java-WebSocket 1.6. Applications only put it on the module path or class path. */
module io.tankws.transport.javawebsocket {
    requires io.tankws;
    requires org.java_websocket;
    requires org.slf4j;

    provides io.tankws.spi.TransportProvider with
            io.tankws.transport.javawebsocket.JavaWebSocketTransportProvider;
}
