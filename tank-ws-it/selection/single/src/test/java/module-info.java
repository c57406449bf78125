/** An application with one transport on its path, without a requirement of it. */
module io.tankws.it.selection.single {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    uses io.tankws.spi.TransportProvider;

    opens io.tankws.it.selection.single to
            org.junit.platform.commons;
}
