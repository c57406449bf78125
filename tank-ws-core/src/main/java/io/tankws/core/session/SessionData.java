package io.tankws.core.session;

import io.tankws.HandshakeRequest;
import io.tankws.Payload;
import io.tankws.core.concurrent.EpochNanos;
import io.tankws.core.routing.SnapshotSet;
import io.tankws.core.routing.Subscriber;
import java.time.Instant;
import java.util.Optional;

/** The data of a session that never change. */
abstract class SessionData extends SnapshotSet.Entry implements Subscriber {
    private final long number;
    private final String userId;
    private final HandshakeRequest handshake;
    private final Optional<String> subprotocol;
    private final Optional<Payload> info;
    private final Optional<Instant> expiresAt;
    private final long connectedAt = EpochNanos.now();

    SessionData(SessionSpec spec) {
        number = spec.number();
        userId = spec.userId();
        handshake = spec.handshake();
        subprotocol = spec.subprotocol();
        info = spec.info();
        expiresAt = spec.expiresAt();
    }

    @Override
    public final long number() {
        return number;
    }

    @Override
    public final String id() {
        return "c" + number;
    }

    @Override
    public final String userId() {
        return userId;
    }

    @Override
    public final Optional<Payload> info() {
        return info;
    }

    @Override
    public final HandshakeRequest handshakeRequest() {
        return handshake;
    }

    @Override
    public final Optional<String> subprotocol() {
        return subprotocol;
    }

    @Override
    public final Instant connectedAt() {
        return EpochNanos.instant(connectedAt);
    }

    /** Returns whether the identity has expired. */
    final boolean isExpired() {
        return expiresAt.isPresent() && !Instant.now().isBefore(expiresAt.get());
    }

    @Override
    public final String toString() {
        return "Client[" + id() + "]";
    }
}
