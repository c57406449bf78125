/** Servers to run and to read; an application of tank-ws like any other. */
module io.tankws.examples {
    requires com.fasterxml.jackson.core;
    requires io.tankws.core;
    requires org.eclipse.jetty.server;
}
