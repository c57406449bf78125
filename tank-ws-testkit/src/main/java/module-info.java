/**
 * For tests: an in-memory transport, a client that tests drive, and the contract suite for transports.
 *
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

    provides io.tankws.spi.TransportProvider with
            io.tankws.testkit.InMemoryTransportProvider;
}
