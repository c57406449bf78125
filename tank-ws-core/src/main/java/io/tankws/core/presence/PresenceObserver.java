package io.tankws.core.presence;

import io.tankws.core.outbox.Outbox;
import io.tankws.spi.ProtocolEncoding;

/** A subscription whose client receives the join and leave events of its topic. */
public record PresenceObserver(ProtocolEncoding encoding, Outbox outbox) {}
