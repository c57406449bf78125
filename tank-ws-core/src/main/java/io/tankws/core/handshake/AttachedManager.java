package io.tankws.core.handshake;

import io.tankws.Manager;
import io.tankws.Upgrader;

/** A manager of this library as its servers see it. It never blocks, so a transport's thread may call it. */
public interface AttachedManager extends Manager {
    /** Returns the current upgrader. */
    Upgrader upgrader();

    /** Notes a server that has a path of this manager. */
    void servedBy(TransportCapabilities server);
}
