package io.tankws.core.handshake;

import io.tankws.Manager;
import io.tankws.Upgrader;

/** A manager of this library as its servers use it. It never blocks, so the thread of a transport may call it. */
public interface AttachedManager extends Manager {
    /** Returns the current upgrader. */
    Upgrader upgrader();

    /** Records a server that has a path of this manager. */
    void servedBy(TransportCapabilities server);
}
