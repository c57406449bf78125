/** Example servers. They use tank-ws like any other application. */
module io.tankws.examples {
    requires com.fasterxml.jackson.core;
    requires io.tankws.core;
    requires org.eclipse.jetty.server;
}
