package io.tankws.it.architecture.planted.session;

import io.tankws.it.architecture.planted.handshake.PlantedHandshake;

/** The other half of a planted cycle of packages. */
public class PlantedSession {
    PlantedHandshake handshake;
}
