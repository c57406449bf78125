/** An application without a transport. */
module io.tankws.it.selection.none {
    requires io.tankws.core;
    requires org.junit.jupiter.api;

    opens io.tankws.it.selection.none to
            org.junit.platform.commons;
}
