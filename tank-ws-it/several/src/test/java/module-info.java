/** An application with all transports, of which it requires none. */
module io.tankws.it.several {
    requires io.tankws.core;
    requires java.net.http;
    requires org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    opens io.tankws.it.several to
            org.junit.platform.commons;
}
