/** A transport that fails to load. */
module io.tankws.it.broken {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    opens io.tankws.it.broken to
            org.junit.platform.commons;

    provides io.tankws.spi.TransportProvider with
            io.tankws.it.broken.SoundProvider,
            io.tankws.it.broken.BrokenProvider;
}
