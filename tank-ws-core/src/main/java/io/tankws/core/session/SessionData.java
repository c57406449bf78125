package io.tankws.core.session;

import io.tankws.HandshakeRequest;
import io.tankws.Payload;
import io.tankws.core.concurrent.EpochNanos;
import io.tankws.core.routing.SnapshotSet;
import io.tankws.core.routing.Subscriber;
import java.time.Instant;
import java.util.Optional;

/** The data of a session: those of its handshake, and those of its identity. */
abstract class SessionData extends SnapshotSet.Entry implements Subscriber {
    private final long number;
    private final HandshakeRequest handshake;
    private final Optional<String> subprotocol;
    private final long connectedAt = EpochNanos.now();
    // These three are set before the registry has the session, and not changed after that except for the expiry.
    private String userId = "";
    private Optional<Payload> info = Optional.empty();
    private volatile Optional<Instant> expiresAt = Optional.empty();

    SessionData(SessionSpec spec) {
        number = spec.number();
        handshake = spec.handshake();
        subprotocol = spec.subprotocol();
        identify(spec.terms());
    }

    /** Sets the data of the identity. */
    final void identify(Admission.Terms terms) {
        userId = terms.userId();
        info = terms.info();
        expiresAt = terms.expiresAt();
    }

    /** Replaces the time of expiry. */
    final void expiresAt(Optional<Instant> time) {
        expiresAt = time;
    }

    @Override
    public final long number() {
        return number;
    }

    @Override
    public final String id() {
        return ClientIds.OF_PROCESS.of(number);
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
        Optional<Instant> expiry = expiresAt;
        return expiry.isPresent() && !Instant.now().isBefore(expiry.get());
    }

    @Override
    public final String toString() {
        return "Client[" + id() + "]";
    }
}
