package io.tankws.core.session;

import io.tankws.Authentication;
import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.HandshakeRequest;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Identity;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.PublisherInfo;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.Subscription;
import io.tankws.TopicAction;
import io.tankws.TopicDecision;
import io.tankws.TopicRequest;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.TopicNames;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ClientActionException.Reason;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.ConnectionEnding;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.ProtocolSession;
import io.tankws.spi.SubscribeRequest;
import io.tankws.spi.SubscriptionEnding;
import io.tankws.spi.support.RunningTime;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The link between a session and the protocol of its route. It offers the session to the protocol, and passes on what
 * happens to the session. A failure of the protocol ends this session only.
 *
 * <p>This file is longer than 400 lines because the interface of protocols and the calls of a protocol are two sides of
 * one object.
 */
final class ProtocolLink implements ProtocolConnection {
    private static final CloseStatus FAILED = CloseStatus.INTERNAL_ERROR.withReason("the protocol failed");
    private static final CloseStatus NOT_IN_TIME = CloseStatus.POLICY_VIOLATION.withReason("not authenticated in time");

    private final ClientSession session;
    private final SessionContext context;
    private final ClientProtocol protocol;
    private final Admission admission;
    private final ProtocolPacing pacing;
    private final long loginDeadline;

    /** Session of the protocol, or {@code null} before it is open and if opening it has failed. */
    private volatile @Nullable ProtocolSession receiver;
    /** Encoding of messages without a topic, or {@code null} as above. */
    private volatile @Nullable ProtocolEncoding encoding;
    /** Status for a client that reads too slowly, determined early, because it is needed under a lock. */
    private volatile @Nullable CloseStatus tooSlow;
    /** Publisher of this client's publications, or {@code null} before the first. */
    private volatile @Nullable PublisherInfo publisher;

    private final AtomicBoolean authenticating = new AtomicBoolean();
    private volatile boolean identified;
    private volatile boolean ended;
    private final AtomicBoolean failed = new AtomicBoolean();
    /** Thread that passes input to the protocol and flushes the replies later, or {@code null} if there is none. */
    private volatile @Nullable Thread inputThread;

    ProtocolLink(ClientSession session, ClientProtocol protocol, Admission admission) {
        this.session = session;
        this.protocol = protocol;
        this.admission = admission;
        context = session.context;
        identified = !session.userId().isEmpty();
        pacing = new ProtocolPacing(session);
        loginDeadline = RunningTime.nanoTime()
                + context.config().limits().loginTimeout().toNanos();
    }

    /** Opens the session of the protocol. */
    void open() {
        guard(() -> {
            ProtocolSession opened = Objects.requireNonNull(protocol.open(this), "the session of a protocol");
            encoding = Objects.requireNonNull(opened.encoding(), "the encoding of a protocol");
            receiver = opened;
        });
        tooSlow = closeStatus(ConnectionEnding.SLOW, CloseStatus.TRY_AGAIN_LATER.withReason("reads too slowly"));
        session.opened(identified && receiver != null);
    }

    /** Runs a call of the protocol. A failure ends this session. */
    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Reports a failure of the protocol and closes the connection. Called without a lock. */
    void failed(Throwable cause) {
        if (failed.compareAndSet(false, true)) {
            context.events()
                    .error(ErrorCode.PROTOCOL_FAILED, "the protocol " + nameOfProtocol() + " failed", session, cause);
            session.close(ConnectionEnding.FAILED, FAILED);
        }
    }

    private String nameOfProtocol() {
        try {
            return protocol.name();
        } catch (RuntimeException | Error e) {
            return protocol.getClass().getName();
        }
    }

    // The session calls the protocol.

    void onText(ByteBuffer utf8) {
        input(() -> {
            ProtocolSession current = receiver;
            if (current != null) {
                current.onText(utf8);
            }
        });
    }

    void onBinary(ByteBuffer payload) {
        input(() -> {
            ProtocolSession current = receiver;
            if (current != null) {
                current.onBinary(payload);
            }
        });
    }

    private void input(Runnable call) {
        if (session.isOpen()) {
            inputThread = Thread.currentThread();
            guard(call);
            inputThread = null;
        }
    }

    void onReadComplete() {
        ProtocolSession current = receiver;
        if (current != null && session.isOpen()) {
            guard(current::onReadComplete);
        }
        session.outbox.flush();
    }

    void onUnsubscribed(String topic, SubscriptionEnding ending) {
        ProtocolSession current = receiver;
        if (current != null && session.isOpen()) {
            guard(() -> current.onUnsubscribed(topic, ending));
        }
    }

    /** Returns the request of a subscription that the application starts. */
    SubscribeRequest onServerSubscribe(String topic) {
        ProtocolSession current = receiver;
        try {
            if (current != null) {
                SubscribeRequest request = Objects.requireNonNull(current.onServerSubscribe(topic));
                if (!request.topic().equals(topic)) {
                    throw new IllegalStateException("the request of a protocol must be for the topic that it got");
                }
                return request;
            }
        } catch (RuntimeException | Error e) {
            failed(e);
        }
        return SubscribeRequest.builder(topic, encoding()).build();
    }

    void onClose(CloseStatus status) {
        ended = true;
        ProtocolSession current = receiver;
        if (current != null) {
            guard(() -> current.onClose(status));
        }
        pacing.close();
    }

    /** Notifies the protocol of the time, and closes a connection that is not authenticated in time. */
    void check(long now) {
        if (!identified && now - loginDeadline > 0 && session.isOpen()) {
            context.events()
                    .error(ErrorCode.AUTHENTICATION_FAILED, "the client was not authenticated in time", session, null);
            session.close(ConnectionEnding.NOT_AUTHENTICATED, NOT_IN_TIME);
        }
        ProtocolSession current = receiver;
        if (current != null && session.isOpen()) {
            guard(() -> current.onTick(now));
        }
    }

    CloseStatus closeStatus(ConnectionEnding ending, CloseStatus status) {
        ProtocolSession current = receiver;
        if (current == null) {
            return status;
        }
        try {
            CloseStatus own = current.closeStatus(ending, status);
            if (own.isSendable()) {
                return own;
            }
            throw new IllegalStateException("the close code of a protocol must be sendable, but was " + own.code());
        } catch (RuntimeException | Error e) {
            if (failed.compareAndSet(false, true)) {
                context.events().error(ErrorCode.PROTOCOL_FAILED, "the protocol has no close status", session, e);
            }
            return status;
        }
    }

    CloseStatus tooSlow(CloseStatus status) {
        CloseStatus own = tooSlow;
        return own == null ? status : own;
    }

    ProtocolEncoding encoding() {
        ProtocolEncoding own = encoding;
        return own == null ? context.protocol() : own;
    }

    /** Queues a message of the application, as the protocol encodes it. */
    boolean offer(Message message) {
        Optional<Message> encoded;
        try {
            encoded = encoding().encode(message);
        } catch (RuntimeException | Error e) {
            failed(e);
            return false;
        }
        if (encoded.isEmpty()) {
            context.counters().offered.increment();
            context.counters().dropped(DropReason.NOT_REPRESENTABLE, 1);
            return false;
        }
        return session.outbox.offer(encoded.get());
    }

    // The protocol calls the session.

    @Override
    public HandshakeRequest handshakeRequest() {
        return session.handshakeRequest();
    }

    @Override
    public Optional<String> subprotocol() {
        return session.subprotocol();
    }

    @Override
    public Optional<Client> client() {
        return identified ? Optional.of(session) : Optional.empty();
    }

    @Override
    public void inOrder(Supplier<? extends CompletionStage<?>> command) {
        Objects.requireNonNull(command, "command");
        session.inboundHandler.gate().run(() -> ended ? null : begin(command));
    }

    private @Nullable CompletionStage<?> begin(Supplier<? extends CompletionStage<?>> command) {
        try {
            CompletionStage<?> stage = Objects.requireNonNull(command.get(), "the stage of a command");
            return stage.whenComplete((result, failure) -> {
                if (failure != null && !ended) {
                    failed(ClientActionException.of(failure));
                }
            });
        } catch (RuntimeException | Error e) {
            failed(e);
            return null;
        }
    }

    @Override
    public void reply(Message reply) {
        context.counters().offered.increment();
        boolean isUrgent = session.outbox.enqueue(MessageBatch.of(reply), RunningTime.nanoTime());
        if (isUrgent || inputThread != Thread.currentThread()) {
            session.outbox.flush();
        }
    }

    @Override
    public CompletionStage<Authentication> askAuthenticator(HandshakeRequest request) {
        return admission.authenticate(request, this::callUserCode);
    }

    @Override
    public <T> CompletionStage<T> callUserCode(Supplier<? extends CompletionStage<T>> userCode) {
        CompletableFuture<T> result = new CompletableFuture<>();
        TimedUserCalls.Call call = context.identityCalls()
                .prepare(() -> call(userCode, result), () -> result.completeExceptionally(new TimeoutException()));
        result.whenComplete((value, failure) -> call.settle());
        switch (call.start()) {
            case BEGUN -> {}
            case TOO_MANY_PENDING, TOO_MANY_ABANDONED ->
                result.completeExceptionally(
                        new ClientActionException(Reason.LIMIT, "too many calls of the application do not end", null));
            case ENDED ->
                result.completeExceptionally(
                        new ClientActionException(Reason.CLOSED, "the manager is not running", null));
        }
        return result;
    }

    private static <T> void call(Supplier<? extends CompletionStage<T>> userCode, CompletableFuture<T> result) {
        try {
            userCode.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public Client authenticate(Authentication accepted) {
        if (accepted instanceof Authentication.Refused) {
            throw new IllegalArgumentException("a refusal authenticates no client");
        }
        Optional<Identity> identity =
                accepted instanceof Authentication.AcceptedAs as ? Optional.of(as.identity()) : Optional.empty();
        if (!session.isOpen()) {
            throw closed();
        }
        if (identified || !authenticating.compareAndSet(false, true)) {
            throw new IllegalStateException("the client is authenticated already");
        }
        try {
            Admission.Terms terms = admission.admit(handshakeRequest(), session.permit, identity);
            if (!session.authenticated(terms)) {
                // The end of the connection has released the permit before it was one of the user.
                session.permit.release();
                throw closed();
            }
            identified = true;
            return session;
        } finally {
            authenticating.set(false);
        }
    }

    private static ClientActionException closed() {
        return new ClientActionException(Reason.CLOSED, "the connection is gone", null);
    }

    @Override
    public void expireAt(Optional<Instant> expiresAt) {
        session.expiresAt(Objects.requireNonNull(expiresAt, "expiresAt"));
    }

    @Override
    public CompletionStage<Subscription> subscribe(SubscribeRequest request) {
        return decide(TopicAction.SUBSCRIBE, request.topic(), request, grant -> {
            SubscriptionPlan plan = session.plan(request, grant.decision(), grant.permission());
            return session.addNew(plan).thenApply(Recovery::subscription);
        });
    }

    @Override
    public CompletionStage<TopicDecision.Allowed> renew(SubscribeRequest request) {
        return decide(TopicAction.SUBSCRIBE, request.topic(), request, grant -> {
            TopicDecision.Allowed permission = grant.permission();
            if (!session.renew(request, permission)) {
                throw new ClientActionException(
                        Reason.NOT_SUBSCRIBED, "the client is not subscribed to the topic", null);
            }
            return CompletableFuture.completedStage(permission == null ? TopicDecision.allowed() : permission);
        });
    }

    @Override
    public boolean unsubscribe(String topic) {
        return session.unsubscribe(topic, null);
    }

    @Override
    public CompletionStage<StreamPosition> publish(String topic, Payload payload, PublishOptions options) {
        return decide(TopicAction.PUBLISH, topic, null, grant -> {
            Publication publication = Publication.builder(topic, payload)
                    .tags(options.tags())
                    .publisher(publisher())
                    .build();
            return pacing.send(payload.size(), () -> context.distributor().publish(publication, options));
        });
    }

    private PublisherInfo publisher() {
        PublisherInfo current = publisher;
        if (current == null) {
            PublisherInfo created = PublisherInfo.of(session.id(), session.userId());
            current = session.info().map(created::withInfo).orElse(created);
            publisher = current;
        }
        return current;
    }

    @Override
    public CompletionStage<HistoryResult> history(String topic, HistoryQuery query) {
        return decide(TopicAction.HISTORY, topic, null, grant -> {
            if (!context.topicSettings().of(topic).hasHistory()) {
                throw new ClientActionException(Reason.NOT_AVAILABLE, "the topic has no history", null);
            }
            return context.histories().read(topic, query);
        });
    }

    @Override
    public CompletionStage<Presence> presence(String topic) {
        return decide(TopicAction.PRESENCE, topic, null, grant -> {
            requirePresence(topic);
            return context.presenceView().presence(topic);
        });
    }

    @Override
    public CompletionStage<PresenceCounts> presenceCounts(String topic) {
        return decide(TopicAction.PRESENCE, topic, null, grant -> {
            requirePresence(topic);
            return context.presenceView().presenceCounts(topic);
        });
    }

    private void requirePresence(String topic) {
        require(context.topicSettings().of(topic).hasPresence(), Reason.NOT_AVAILABLE, "the topic has no presence");
    }

    @Override
    public CompletionStage<TopicDecision.Allowed> authorize(TopicAction action, String topic) {
        return decide(action, topic, null, grant -> {
            TopicDecision.Allowed permission = grant.permission();
            return CompletableFuture.completedStage(permission == null ? TopicDecision.allowed() : permission);
        });
    }

    /**
     * The decision that an action may go on.
     *
     * @param decision decision of the topic authorizer, or {@code null} if it was not asked
     * @param permission permission, or {@code null} if it was not asked
     */
    private record Grant(@Nullable PendingDecision decision, TopicDecision.@Nullable Allowed permission) {}

    /** Asks the topic authorizer if there is one, and then performs an action. */
    private <T> CompletionStage<T> decide(
            TopicAction action,
            String topic,
            @Nullable SubscribeRequest request,
            Function<Grant, CompletionStage<T>> then) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            require(identified, Reason.NOT_AUTHENTICATED, "the client is not authenticated");
            require(!ended && session.isOpen(), Reason.CLOSED, "the connection is gone");
            TopicNames.check(topic, session.limits());
            if (!context.needsDecision(topic)) {
                perform(then, new Grant(null, null)).whenComplete((value, failure) -> complete(result, value, failure));
                return result;
            }
            TopicDecisions decisions = session.inboundHandler.decisions();
            require(decisions.size() < MAX_PENDING_ACTIONS, Reason.LIMIT, "too many actions are pending");
            TopicRequest question = new TopicRequest(
                    session,
                    action,
                    topic,
                    request == null ? Optional.empty() : request.token(),
                    request == null ? Optional.empty() : request.data());
            decisions.ask(question, (decision, verdict) -> {
                TopicDecision.Allowed permission = verdict.permission();
                if (permission != null) {
                    CompletionStage<T> performed = perform(then, new Grant(decision, permission));
                    return () -> performed.whenComplete((value, failure) -> complete(result, value, failure));
                }
                boolean isOpen = session.isOpen();
                if (isOpen) {
                    TopicDenials.report(session, question, verdict);
                }
                return () -> result.completeExceptionally(new ClientActionException(
                        isOpen ? Reason.DENIED : Reason.CLOSED, verdict.reason(), verdict.cause()));
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(failure(e));
        }
        return result;
    }

    private static <T> CompletionStage<T> perform(Function<Grant, CompletionStage<T>> then, Grant grant) {
        try {
            return then.apply(grant);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static <T> void complete(CompletableFuture<T> result, T value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure(failure));
        }
    }

    private static void require(boolean condition, Reason reason, String otherwise) {
        if (!condition) {
            throw new ClientActionException(reason, otherwise, null);
        }
    }

    /** Returns the failure of an action in the form that protocols get. */
    private static ClientActionException failure(Throwable e) {
        if (e instanceof IllegalArgumentException) {
            return new ClientActionException(Reason.INVALID_TOPIC, String.valueOf(e.getMessage()), null);
        }
        return e instanceof IllegalStateException
                ? new ClientActionException(Reason.LIMIT, String.valueOf(e.getMessage()), null)
                : ClientActionException.of(e);
    }

    @Override
    public boolean handle(Message message) {
        return identified && session.inboundHandler.offer(message);
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("close code " + status.code() + " may not be sent");
        }
        session.closeAs(status);
    }

    @Override
    public void abort() {
        session.abort();
    }

    @Override
    public boolean isInputPaused() {
        return session.inboundHandler.isHeldBack();
    }
}
