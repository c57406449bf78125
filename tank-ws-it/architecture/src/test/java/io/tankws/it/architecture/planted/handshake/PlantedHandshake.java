package io.tankws.it.architecture.planted.handshake;

import io.tankws.it.architecture.planted.session.PlantedSession;

/** One half of a planted cycle of packages. */
public class PlantedHandshake {
    PlantedSession session;
}
