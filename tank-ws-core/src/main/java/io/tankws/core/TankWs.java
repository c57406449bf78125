package io.tankws.core;

import io.tankws.Manager;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.manager.ManagerBuilder;
import io.tankws.core.selection.TransportSelector;
import io.tankws.core.server.DefaultWebSocketServer;
import io.tankws.spi.BackplaneProvider;
import io.tankws.spi.TransportProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entry point of the library. It creates managers and servers. Thread-safe. */
public final class TankWs {
    private static @Nullable Manager shared;
    private static volatile Upgrader upgrader = Upgrader.defaults();

    private TankWs() {}

    /**
     * Returns the started manager that the whole process shares.
     *
     * @return the same manager at each call; a new one after its shutdown
     */
    public static synchronized Manager getSingleInstance() {
        if (shared == null || !shared.isRunning()) {
            shared = newInstance();
        }
        return shared;
    }

    /**
     * Creates a manager with the defaults and starts it.
     *
     * @return a new, running manager
     */
    public static Manager newInstance() {
        return builder().build().start();
    }

    /**
     * Returns a builder of managers with the defaults.
     *
     * @return a builder
     */
    public static Manager.Builder builder() {
        return new ManagerBuilder(upgrader, null);
    }

    /**
     * Returns a builder of nodes of a cluster on a given backplane. No provider is looked up.
     *
     * @param backplane provider of the backplane
     * @return a builder, which also needs a {@link io.tankws.ClusterConfig}
     */
    public static Manager.Builder builder(BackplaneProvider backplane) {
        return new ManagerBuilder(upgrader, Objects.requireNonNull(backplane, "backplane"));
    }

    /**
     * Sets the upgrader of managers that are created later. Existing managers keep theirs.
     *
     * @param upgrader replacement of {@link Upgrader#defaults()}
     */
    public static void setCustomUpgrader(Upgrader upgrader) {
        TankWs.upgrader = Objects.requireNonNull(upgrader, "upgrader");
    }

    /**
     * Returns a builder of servers on the transport that the system property {@code io.tankws.transport} names, or on
     * the only one.
     *
     * @return a builder
     * @throws io.tankws.TransportSelectionException if there is no such transport, or several without a name
     */
    public static WebSocketServer.Builder serve() {
        return serve(TransportSelector.select());
    }

    /**
     * Returns a builder of servers on a named transport.
     *
     * @param transport {@code jetty}, {@code java-websocket} or {@code in-memory}
     * @return a builder
     * @throws io.tankws.TransportSelectionException if the transport is not found
     */
    public static WebSocketServer.Builder serve(String transport) {
        return serve(TransportSelector.select(Objects.requireNonNull(transport, "transport")));
    }

    /**
     * Returns a builder of servers on a given transport. No provider is looked up.
     *
     * @param transport provider of the transport
     * @return a builder
     */
    public static WebSocketServer.Builder serve(TransportProvider transport) {
        return new DefaultWebSocketServer.Builder(transport);
    }
}
