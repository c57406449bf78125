/** Programs that repeat the speed measurements of the project. */
@SuppressWarnings("requires-automatic")
module io.tankws.benchmarks {
    requires com.fasterxml.jackson.core;
    requires io.netty.buffer;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.tankws.core;
    requires java.management;
    requires java.xml;
    requires jdk.management;
    requires lettuce.core;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.websocket.api;
    requires org.eclipse.jetty.websocket.server;
    requires org.java_websocket;

    // These have no module descriptor. The Undertow server runs on the class path, and the other servers do not need
    // them.
    requires static undertow.core;
    requires static xnio.api;

    // Jetty reads the methods of an endpoint by reflection.
    opens io.tankws.benchmarks.jetty;
}
