package io.tankws.core.handshake;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ClientLimits;
import io.tankws.ErrorCode;
import io.tankws.HandshakeRequest;
import io.tankws.Identity;
import io.tankws.ManagerLimits;
import io.tankws.OriginRule;
import io.tankws.Refusal;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.session.Admission;
import io.tankws.core.session.ClientSession;
import io.tankws.core.session.ConnectionQuota;
import io.tankws.core.session.SessionContext;
import io.tankws.core.session.SessionSpec;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.TransportHandshake;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The processor of handshakes. It decides on each one and creates a {@link ClientSession} for an accepted one. */
public final class HandshakeProcessor implements Admission {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Refusal FORBIDDEN_ORIGIN = new Refusal(403, "this origin may not connect");
    private static final Refusal OTHER_HOST = new Refusal(
            421, "the server does not answer to this Host; Upgrader.withHostRule(HostRule.of(NAME)) adds a name");
    private static final Refusal FORBIDDEN_USER = new Refusal(403, "user_id is not the authenticated user");
    private static final Refusal BUSY = new Refusal(503, "too many handshakes at once", Map.of("Retry-After", "1"));
    private static final Refusal ABANDONED =
            new Refusal(503, "too many authentications do not end", Map.of("Retry-After", "1"));
    private static final Refusal TOO_SLOW =
            new Refusal(503, "authentication took too long", Map.of("Retry-After", "1"));
    public static final Refusal NOT_RUNNING = new Refusal(503, "the server is not taking connections");
    private static final Refusal EXPIRED = new Refusal(401, "this identity has expired");
    private static final Refusal FAILED = new Refusal(500, "authentication failed");
    public static final Refusal NO_ANSWER = new Refusal(500, "the server failed");

    private final SessionContext context;
    private final TimedUserCalls calls;
    private final ManagerLimits limits;
    private final IdentityLimits identityLimits;
    private final ConnectionQuota quota;
    private final RefusalLog refusals;
    public volatile Upgrader upgrader;
    /** Authenticator, or {@code null} to admit all clients. */
    public volatile @Nullable Authenticator authenticator;

    public HandshakeProcessor(SessionContext context, TimedUserCalls calls) {
        this.context = context;
        this.calls = calls;
        quota = new ConnectionQuota(context.registry()::sizeOfUser, context.registry()::ofUser);
        refusals = new RefusalLog(context.config().name());
        limits = context.config().limits();
        identityLimits = new IdentityLimits(
                context.config().clientLimits(),
                limits.partialMessageBytes(),
                context.config().handler() == null);
        upgrader = context.config().upgrader();
        authenticator = context.config().authenticator();
    }

    /**
     * Decides on a handshake.
     *
     * @param protocol protocol of the route, or {@code null} for the plain protocol
     */
    public void decide(TransportHandshake handshake, @Nullable ClientProtocol protocol) {
        HandshakeRequest request = handshake.request();
        Optional<Refusal> violation = request.violation();
        if (violation.isPresent()) {
            refuse(handshake, ErrorCode.UPGRADE_FAILED, violation.get(), null);
        } else if (!upgrader.hostRule().allows(request)) {
            refuse(handshake, ErrorCode.UPGRADE_FAILED, OTHER_HOST, null);
        } else if (userIdOf(request).getBytes(StandardCharsets.UTF_8).length > limits.maxUserIdBytes()) {
            refuse(handshake, ErrorCode.LIMIT_EXCEEDED, new Refusal(400, "user_id is too long"), null);
        } else {
            ConnectionQuota.Permit permit = quota.newPermit(request.remoteAddress());
            Optional<Refusal> refusal = permit.acquire(limits);
            if (refusal.isPresent()) {
                refuse(handshake, ErrorCode.LIMIT_EXCEEDED, refusal.get(), null);
            } else {
                authenticate(handshake, permit, protocol);
            }
        }
    }

    /**
     * Decides on the calling thread if no user code takes part. User code runs on a callback thread with a deadline.
     */
    private void authenticate(
            TransportHandshake handshake, ConnectionQuota.Permit permit, @Nullable ClientProtocol protocol) {
        CompletableFuture<Authentication> result = new CompletableFuture<>();
        Upgrader upgrader = this.upgrader;
        boolean isLater = protocol != null && protocol.authenticatesAfterHandshake();
        Authenticator authenticator = isLater ? null : this.authenticator;
        TimedUserCalls.Call call = calls.prepare(
                () -> authenticate(handshake.request(), upgrader, authenticator, result),
                () -> result.completeExceptionally(new TimeoutException()));
        result.whenComplete((authentication, failure) -> {
            call.settle();
            completeOrReport(new Acceptance(handshake, permit, upgrader, protocol, isLater), authentication, failure);
        });
        if (authenticator == null && OriginRule.isBuiltIn(upgrader.originRule())) {
            authenticate(handshake.request(), upgrader, null, result);
            return;
        }
        handshake.decideWithin(limits.authenticationTimeout());
        switch (call.start()) {
            case BEGUN -> {}
            case TOO_MANY_PENDING -> result.complete(Authentication.refused(BUSY));
            case TOO_MANY_ABANDONED -> result.complete(Authentication.refused(ABANDONED));
            case ENDED -> result.complete(Authentication.refused(NOT_RUNNING));
        }
    }

    private static void authenticate(
            HandshakeRequest request,
            Upgrader upgrader,
            @Nullable Authenticator authenticator,
            CompletableFuture<Authentication> result) {
        try {
            if (!upgrader.originRule().allows(request)) {
                result.complete(Authentication.refused(FORBIDDEN_ORIGIN));
            } else if (authenticator == null) {
                result.complete(Authentication.accepted());
            } else {
                authenticator.authenticate(request).whenComplete((authentication, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else if (authentication == null) {
                        result.completeExceptionally(new NullPointerException("the authenticator decided nothing"));
                    } else {
                        result.complete(authentication);
                    }
                });
            }
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** On any failure, the permit must be released and the peer must get a response. */
    private void completeOrReport(
            Acceptance acceptance, @Nullable Authentication authentication, @Nullable Throwable failure) {
        TransportHandshake handshake = acceptance.handshake();
        ConnectionQuota.Permit permit = acceptance.permit();
        try {
            complete(acceptance, authentication, failure);
        } catch (Throwable e) {
            permit.release();
            context.counters().refused.increment();
            context.events().error(ErrorCode.UPGRADE_FAILED, "the transport failed to answer", null, e);
            try {
                handshake.refuse(NO_ANSWER);
            } catch (RuntimeException decided) {
                // The handshake was decided before the failure.
            }
        }
    }

    private void complete(Acceptance acceptance, @Nullable Authentication authentication, @Nullable Throwable failure) {
        TransportHandshake handshake = acceptance.handshake();
        ConnectionQuota.Permit permit = acceptance.permit();
        if (context.shutdown().hasBegun()) {
            refuse(handshake, permit, ErrorCode.UPGRADE_FAILED, NOT_RUNNING, null);
        } else if (failure instanceof TimeoutException) {
            refuse(handshake, permit, ErrorCode.AUTHENTICATION_FAILED, TOO_SLOW, null);
        } else if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            refuse(handshake, permit, ErrorCode.AUTHENTICATION_FAILED, FAILED, cause);
        } else if (authentication instanceof Authentication.Refused refused) {
            refuse(handshake, permit, codeOf(refused.refusal()), refused.refusal(), null);
        } else if (authentication instanceof Authentication.AcceptedAs accepted) {
            accept(acceptance, Optional.of(accepted.identity()));
        } else if (authentication instanceof Authentication.Accepted) {
            accept(acceptance, Optional.empty());
        }
    }

    /** Refusals of this class are compared by identity, because an authenticator may return equal ones. */
    @SuppressWarnings("ReferenceEquality") // an authenticator may return an equal refusal
    private static ErrorCode codeOf(Refusal refusal) {
        if (refusal == FORBIDDEN_ORIGIN) {
            return ErrorCode.UPGRADE_FAILED;
        }
        return refusal == BUSY || refusal == ABANDONED ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.AUTHENTICATION_FAILED;
    }

    private void accept(Acceptance acceptance, Optional<Identity> identity) {
        TransportHandshake handshake = acceptance.handshake();
        ConnectionQuota.Permit permit = acceptance.permit();
        HandshakeRequest request = handshake.request();
        Terms terms;
        if (acceptance.authenticatesLater()) {
            terms = new Terms("", Map.of(), Optional.empty(), identityLimits.of(Optional.empty()), Optional.empty());
        } else {
            try {
                terms = terms(request, permit, identity);
            } catch (RefusedException e) {
                refuse(handshake, permit, e.code, e.refusal, e.getCause());
                return;
            }
        }
        Upgrader upgrader = acceptance.upgrader();
        ClientProtocol protocol = acceptance.protocol();
        List<String> offered = request.offeredSubprotocols();
        List<String> known = protocol == null ? upgrader.subprotocols() : protocol.subprotocols();
        Optional<String> subprotocol = known.stream().filter(offered::contains).findFirst();
        ClientSession session = new ClientSession(
                context,
                new SessionSpec(NUMBERS.incrementAndGet(), terms, request, subprotocol, permit, protocol, this));
        ClientLimits clientLimits = terms.limits();
        AcceptOptions.Builder options = AcceptOptions.builder()
                .compression(upgrader.compression())
                .bufferSizes(upgrader.readBufferSize(), upgrader.writeBufferSize())
                .maxMessageBytes(clientLimits.maxMessageBytes())
                .maxFrameBytes(clientLimits.maxFrameBytes())
                .maxFragments(clientLimits.maxFragments())
                .closeTimeout(clientLimits.closeTimeout())
                .partialMessages(session.partialMessages);
        subprotocol.ifPresent(options::subprotocol);
        handshake.accept(options.build(), session.inboundHandler);
    }

    /**
     * A handshake that its origin rule allows.
     *
     * @param protocol protocol of the route, or {@code null} for the plain protocol
     * @param authenticatesLater whether the client authenticates after the handshake
     */
    private record Acceptance(
            TransportHandshake handshake,
            ConnectionQuota.Permit permit,
            Upgrader upgrader,
            @Nullable ClientProtocol protocol,
            boolean authenticatesLater) {}

    /** The reason why a client with its identity is not admitted. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        final ErrorCode code;
        final transient Refusal refusal;
        final ClientActionException.Reason reason;

        RefusedException(
                ErrorCode code, Refusal refusal, ClientActionException.Reason reason, @Nullable Throwable cause) {
            super(refusal.reason(), cause);
            this.code = code;
            this.refusal = refusal;
            this.reason = reason;
        }
    }

    /** Returns the terms of an identity, and acquires the permit for its user. */
    private Terms terms(HandshakeRequest request, ConnectionQuota.Permit permit, Optional<Identity> identity)
            throws RefusedException {
        String requestedUserId = userIdOf(request);
        String userId = identity.map(Identity::userId).orElse(requestedUserId);
        if (!requestedUserId.isEmpty() && !requestedUserId.equals(userId)) {
            throw new RefusedException(
                    ErrorCode.AUTHENTICATION_FAILED, FORBIDDEN_USER, ClientActionException.Reason.DENIED, null);
        }
        Optional<Instant> expiresAt = identity.flatMap(Identity::expiresAt);
        if (expiresAt.isPresent() && !Instant.now().isBefore(expiresAt.get())) {
            throw new RefusedException(
                    ErrorCode.AUTHENTICATION_FAILED, EXPIRED, ClientActionException.Reason.EXPIRED, null);
        }
        ClientLimits clientLimits;
        try {
            clientLimits = identityLimits.of(identity);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.AUTHENTICATION_FAILED, FAILED, ClientActionException.Reason.FAILED, e);
        }
        if (userId.isEmpty()) {
            userId = "user-" + UUID.randomUUID();
        }
        Optional<Refusal> refusal = acquireForUser(permit, userId, clientLimits);
        if (refusal.isPresent()) {
            throw new RefusedException(
                    ErrorCode.LIMIT_EXCEEDED, refusal.get(), ClientActionException.Reason.LIMIT, null);
        }
        return new Terms(
                userId,
                identity.map(Identity::attributes).orElse(Map.of()),
                expiresAt,
                clientLimits,
                identity.flatMap(Identity::info));
    }

    @Override
    public Terms admit(HandshakeRequest request, ConnectionQuota.Permit permit, Optional<Identity> identity) {
        try {
            return terms(request, permit, identity);
        } catch (RefusedException e) {
            context.events().error(e.code, "a client was not admitted: " + e.refusal.reason(), null, e.getCause());
            throw new ClientActionException(e.reason, e.refusal.reason(), e.getCause());
        }
    }

    @Override
    public CompletionStage<Authentication> authenticate(HandshakeRequest request, UserCalls calls) {
        Authenticator current = authenticator;
        return current == null
                ? CompletableFuture.completedStage(Authentication.accepted())
                : calls.call(() -> current.authenticate(request));
    }

    /** Closes older connections if the policy requires it, so that they are closing before this one is accepted. */
    private Optional<Refusal> acquireForUser(ConnectionQuota.Permit permit, String userId, ClientLimits clientLimits) {
        if (context.config().userLimitPolicy() == UserLimitPolicy.CLOSE_OLDEST) {
            permit.acquireReplacingOldest(userId, clientLimits).forEach(Runnable::run);
            return Optional.empty();
        }
        return permit.acquire(userId, clientLimits);
    }

    /** Releases the permit before the peer receives the refusal. */
    private void refuse(
            TransportHandshake handshake,
            ConnectionQuota.Permit permit,
            ErrorCode code,
            Refusal refusal,
            @Nullable Throwable cause) {
        permit.release();
        refuse(handshake, code, refusal, cause);
    }

    @SuppressWarnings("ReferenceEquality") // an authenticator may return an equal refusal
    public void refuse(TransportHandshake handshake, ErrorCode code, Refusal refusal, @Nullable Throwable cause) {
        context.counters().refused.increment();
        context.events()
                .error(code, "handshake refused with " + refusal.status() + ": " + refusal.reason(), null, cause);
        refusals.report(handshake.request(), refusal, refusal == FORBIDDEN_ORIGIN ? RefusalLog.ORIGIN_HINT : "");
        handshake.refuse(refusal);
    }

    private static String userIdOf(HandshakeRequest request) {
        return request.queryParameter("user_id").orElse("");
    }
}
