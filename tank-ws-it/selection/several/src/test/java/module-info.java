/** An application with all transports on its path, without a requirement of any. */
module io.tankws.it.selection.several {
    requires io.tankws.core;
    requires java.net.http;
    requires org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    opens io.tankws.it.selection.several to
            org.junit.platform.commons;
}
