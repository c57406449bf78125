/**
 * The transport and the backplane {@code in-memory}, which an application swaps in for its tests. The core finds them by
 * {@code ServiceLoader}, so this module requires no test framework.
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
