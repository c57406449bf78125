package io.tankws.core.handshake;

import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.Manager;
import io.tankws.Upgrader;
import io.tankws.spi.ClientProtocol;
import org.jspecify.annotations.Nullable;

/** A manager of this library as its servers use it. It never blocks, so the thread of a transport may call it. */
public interface AttachedManager extends Manager {
    /** Returns the current upgrader. */
    Upgrader upgrader();

    /**
     * Decides on a handshake of a route.
     *
     * @param protocol protocol of the route, or {@code null} for the plain protocol
     */
    void handle(Handshake handshake, @Nullable ClientProtocol protocol);

    /** Returns the manager that a handler leads to, or {@code null} if it is a handler of the application. */
    static @Nullable AttachedManager of(HandshakeHandler handler) {
        if (handler instanceof ProtocolEndpoint endpoint) {
            return endpoint.manager();
        }
        return handler instanceof AttachedManager manager ? manager : null;
    }

    /** Records a server that has a path of this manager. */
    void servedBy(TransportCapabilities server);
}
