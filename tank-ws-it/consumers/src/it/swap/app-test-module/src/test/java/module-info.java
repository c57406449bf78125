module consumer.app.test {
    requires consumer.app;
    requires io.tankws.core;
    requires io.tankws.testkit;
    requires org.junit.jupiter.api;

    opens consumer.test to
            org.junit.platform.commons;
}
