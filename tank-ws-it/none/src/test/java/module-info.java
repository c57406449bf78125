/** An application without a transport. */
module io.tankws.it.none {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    opens io.tankws.it.none to
            org.junit.platform.commons;
}
