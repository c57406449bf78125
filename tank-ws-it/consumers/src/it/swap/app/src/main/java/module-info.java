module consumer.app {
    requires io.tankws.core;

    exports consumer;
}
