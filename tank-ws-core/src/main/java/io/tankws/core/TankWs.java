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

/** The way in: makes managers and servers. Safe for use by several threads. */
public final class TankWs {
    private static @Nullable Manager shared;
    private static volatile Upgrader upgrader = Upgrader.defaults();

    private TankWs() {}

    /**
     * Returns the manager that the whole process shares, started.
     *
     * @return the same manager at each call, a new one once that has been shut down
     */
    public static synchronized Manager getSingleInstance() {
        if (shared == null || !shared.isRunning()) {
            shared = newInstance();
        }
        return shared;
    }

    /**
     * Makes a manager with the defaults and starts it.
     *
     * @return a new, running manager
     */
    public static Manager newInstance() {
        return builder().build().start();
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder of a manager
     */
    public static Manager.Builder builder() {
        return new ManagerBuilder(upgrader, null);
    }

    /**
     * Starts from the defaults, for a node of a cluster on a given backplane; none is looked up.
     *
     * @param backplane the provider
     * @return a builder of a manager, which also wants a {@link io.tankws.ClusterConfig}
     */
    public static Manager.Builder builder(BackplaneProvider backplane) {
        return new ManagerBuilder(upgrader, Objects.requireNonNull(backplane, "backplane"));
    }

    /**
     * Sets the upgrader of managers made later; those that exist keep theirs.
     *
     * @param upgrader instead of {@link Upgrader#defaults()}
     */
    public static void setCustomUpgrader(Upgrader upgrader) {
        TankWs.upgrader = Objects.requireNonNull(upgrader, "upgrader");
    }

    /**
     * Starts a server on the transport named by the system property {@code io.tankws.transport}, or else on the only
     * one that is found.
     *
     * @return a builder of a server
     * @throws io.tankws.TransportSelectionException if there is no such transport, or more than one
     */
    public static WebSocketServer.Builder serve() {
        return serve(TransportSelector.select());
    }

    /**
     * Starts a server on a named transport.
     *
     * @param transport {@code jetty}, {@code java-websocket} or {@code in-memory}
     * @return a builder of a server
     * @throws io.tankws.TransportSelectionException if it is not found
     */
    public static WebSocketServer.Builder serve(String transport) {
        return serve(TransportSelector.select(Objects.requireNonNull(transport, "transport")));
    }

    /**
     * Starts a server on a given transport; none is looked up.
     *
     * @param transport the provider
     * @return a builder of a server
     */
    public static WebSocketServer.Builder serve(TransportProvider transport) {
        return new DefaultWebSocketServer.Builder(transport);
    }
}
