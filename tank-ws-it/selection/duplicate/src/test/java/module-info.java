/** An application with two transports of the same name. */
module io.tankws.it.selection.duplicate {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    opens io.tankws.it.selection.duplicate to
            org.junit.platform.commons;

    provides io.tankws.spi.TransportProvider with
            io.tankws.it.selection.duplicate.FirstProvider,
            io.tankws.it.selection.duplicate.SecondProvider;
}
