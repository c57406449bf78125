/** In-memory transport, test clients and contract suites; for tests. */
module io.tankws.testkit {
    requires transitive io.tankws;
    requires transitive org.junit.jupiter.api;
}
