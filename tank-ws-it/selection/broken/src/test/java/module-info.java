/** An application with a transport that fails to load. */
module io.tankws.it.selection.broken {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    opens io.tankws.it.selection.broken to
            org.junit.platform.commons;

    provides io.tankws.spi.TransportProvider with
            io.tankws.it.selection.broken.WorkingProvider,
            io.tankws.it.selection.broken.BrokenProvider;
}
