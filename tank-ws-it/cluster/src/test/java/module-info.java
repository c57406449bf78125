/** Tests of the backplane contract and of clusters whose backplane fails. */
// The server that a test library brings is in no module.
@SuppressWarnings("requires-automatic")
module io.tankws.it.cluster {
    requires io.tankws.core;
    requires io.tankws.testkit;
    requires io.tankws.transport.memory;
    requires io.tankws.backplane.redis;
    requires embedded.redis;
    requires org.junit.jupiter.params;

    opens io.tankws.it.cluster to
            org.junit.platform.commons;
}
