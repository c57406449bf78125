/**
 * For tests: a client that tests drive, network faults, load, and the contract suites for transports and backplanes.
 *
 * <p>Only {@code io.tankws.testkit.contract} needs JUnit. A module that uses that package requires {@code
 * org.junit.jupiter.api} itself. This module provides no service: service binding would resolve it, and JUnit with
 * it, in the tests of every modular application.
 */
module io.tankws.testkit {
    requires transitive io.tankws;
    requires io.tankws.transport.memory;
    requires java.management;
    requires jdk.management;
    requires static transitive org.junit.jupiter.api;

    exports io.tankws.testkit;
    exports io.tankws.testkit.contract;

    // JUnit runs the inherited tests by reflection.
    opens io.tankws.testkit.contract;
}
