/**
 * The transport and the backplane {@code in-memory} for tests of applications. Core finds them through
 * {@code ServiceLoader}. The module requires no test framework.
 *
 * @provides io.tankws.spi.BackplaneProvider
 * @provides io.tankws.spi.TransportProvider
 */
module io.tankws.transport.memory {
    requires transitive io.tankws;

    exports io.tankws.transport.memory;

    provides io.tankws.spi.BackplaneProvider with
            io.tankws.transport.memory.InMemoryBackplaneProvider;
    provides io.tankws.spi.TransportProvider with
            io.tankws.transport.memory.InMemoryTransportProvider;
}
