/** Two transports of one name. */
module io.tankws.it.twins {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    opens io.tankws.it.twins to
            org.junit.platform.commons;

    provides io.tankws.spi.TransportProvider with
            io.tankws.it.twins.FirstProvider,
            io.tankws.it.twins.SecondProvider;
}
