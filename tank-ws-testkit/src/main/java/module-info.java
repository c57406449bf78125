/**
 * In-memory transport, test clients and contract suites; for tests.
 *
 * @provides io.tankws.spi.TransportProvider by the name {@code in-memory}
 */
module io.tankws.testkit {
    requires transitive io.tankws;
    requires transitive org.junit.jupiter.api;

    exports io.tankws.testkit;

    provides io.tankws.spi.TransportProvider with
            io.tankws.testkit.InMemoryTransportProvider;
}
