/** An application with one transport, which it neither requires nor names. */
module io.tankws.it.one {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    uses io.tankws.spi.TransportProvider;

    opens io.tankws.it.one to
            org.junit.platform.commons;
}
