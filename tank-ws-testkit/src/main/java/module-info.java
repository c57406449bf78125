/**
 * For tests: an in-memory transport and an in-memory backplane, a client that tests drive, and the contract suites for
 * transports and backplanes.
 *
 * @provides io.tankws.spi.BackplaneProvider
 * @provides io.tankws.spi.TransportProvider
 */
module io.tankws.testkit {
    requires transitive io.tankws;
    requires java.management;
    requires jdk.management;
    requires transitive org.junit.jupiter.api;

    exports io.tankws.testkit;
    exports io.tankws.testkit.contract;

    // JUnit runs the inherited tests by reflection.
    opens io.tankws.testkit.contract;

    provides io.tankws.spi.BackplaneProvider with
            io.tankws.testkit.InMemoryBackplaneProvider;
    provides io.tankws.spi.TransportProvider with
            io.tankws.testkit.InMemoryTransportProvider;
}
