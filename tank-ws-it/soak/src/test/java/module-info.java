/** Load and faults over time, on real sockets. */
module io.tankws.it.soak {
    requires io.tankws.core;
    requires io.tankws.testkit;
    requires jdk.management;
    requires org.junit.jupiter.params;

    opens io.tankws.it.soak to
            org.junit.platform.commons;
}
