/** Carries tank-ws over Java-WebSocket 1.6; put it on the path, there is nothing to import. */
module io.tankws.transport.javawebsocket {
    requires io.tankws;
    requires org.java_websocket;
    requires org.slf4j;

    provides io.tankws.spi.TransportProvider with
            io.tankws.transport.javawebsocket.JavaWebSocketTransportProvider;
}
