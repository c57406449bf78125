package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.PresenceMember;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.Subscription;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import io.tankws.core.authorization.Verdict;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.concurrent.SerialCalls;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.outbox.OutboxListener;
import io.tankws.core.presence.Arrival;
import io.tankws.core.presence.PresenceContext;
import io.tankws.core.presence.PresenceObserver;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.routing.AudienceWalk;
import io.tankws.core.routing.FirstMessages;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.SubscriptionStart;
import io.tankws.core.routing.TopicNames;
import io.tankws.core.routing.TopicSubscription;
import io.tankws.spi.ByteShare;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionEnding;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.SubscribeRequest;
import io.tankws.spi.SubscriptionEnding;
import io.tankws.spi.support.RunningTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection as the application uses it. Its {@link InboundHandler} is the side of the transport.
 *
 * <p>The lock of the session guards its state and its subscriptions. No write, close or report happens under it.
 * Events wait in {@link SerialCalls} for its release.
 *
 * <p>This file is longer than 400 lines because that one lock guards all of it.
 */
public final class ClientSession extends SessionData implements Subscriber, OutboxListener {
    public final InboundHandler inboundHandler;
    public final SessionContext context;
    /** Protocol of the route, or {@code null} for the plain protocol. */
    final @Nullable ProtocolLink link;

    private volatile ClientLimits limits;
    final ConnectionQuota.Permit permit;
    /** Bytes of a message that the transport has received in part. */
    public final ByteShare partialMessages;

    /** Attributes of the identity until their first use, then a concurrent map of this session. */
    private volatile Map<String, Object> attributes;
    /** See {@link SubscriptionSet}. */
    private Object subscriptions = SubscriptionSet.NONE;

    final HeartbeatMonitor monitor = new HeartbeatMonitor(RunningTime.nanoTime());
    private final RankedLock lock = new RankedLock(RankedLock.Rank.SESSION);
    private final SerialCalls callOuts = new SerialCalls();

    @SuppressWarnings("NullAway.Init") // set by open, before another thread can find this session
    Connection connection;

    @SuppressWarnings("NullAway.Init") // set by open; only a session whose opening has failed has none
    public Outbox outbox;
    /** True if the client is one of the manager's: at once, or after its authentication. Guarded by the lock. */
    private boolean entered;
    /** Guarded by the lock for writes. */
    private volatile boolean ended;
    /** True if this side has aborted the connection. A write that fails then is a consequence and not reported. */
    private volatile boolean aborted;

    public ClientSession(SessionContext context, SessionSpec spec) {
        super(spec);
        this.context = context;
        limits = spec.terms().limits();
        permit = spec.permit();
        partialMessages = context.partialMessages().share();
        attributes = spec.terms().attributes();
        link = spec.protocol() == null ? null : new ProtocolLink(this, spec.protocol(), spec.admission());
        inboundHandler = new InboundHandler(this);
    }

    /** Opens this session. The caller must flush the outbox. */
    Outbox open(Connection opened) {
        lock.lock();
        try {
            connection = opened;
            context.pieces().fit(limits);
            outbox = new Outbox(
                    number(), this, opened, limits, link == null ? context.outboxes() : context.protocolOutboxes());
            if (link == null) {
                // This happens before other threads can find the client, so that the greeting is its first message.
                greeting().ifPresent(outbox::offer);
                enter();
            }
        } finally {
            lock.unlock();
        }
        callOuts.run();
        return outbox;
    }

    /** Adds the client to those of the manager. Called under the lock. */
    private void enter() {
        permit.open(() -> context.registry().add(this));
        entered = true;
        callOuts.add(() -> context.events().connected(this));
    }

    /**
     * Adds a session of another protocol, whose protocol session exists.
     *
     * @param isKnown whether the client is authenticated; if not, {@link #authenticated} may follow
     */
    void opened(boolean isKnown) {
        lock.lock();
        try {
            if (ended || entered) {
                return;
            }
            if (isKnown) {
                enter();
            } else {
                context.registry().addPending(this);
            }
        } finally {
            lock.unlock();
        }
        callOuts.run();
    }

    /** Gives the client its identity. Returns {@code false} without an effect if the connection has ended. */
    boolean authenticated(Admission.Terms terms) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            identify(terms);
            limits = terms.limits();
            attributes = terms.attributes();
            context.pieces().fit(limits);
            outbox.limit(limits);
            inboundHandler.limit(limits);
            context.registry().removePending(this);
            enter();
        } finally {
            lock.unlock();
        }
        callOuts.run();
        context.shutdown().onOpened(this);
        if (permit.isClosing()) {
            close(ConnectionEnding.REPLACED, CloseStatus.REPLACED);
        }
        return true;
    }

    boolean isEntered() {
        lock.lock();
        try {
            return entered;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Message> greeting() {
        String template = context.config().greeting();
        return template.isEmpty()
                ? Optional.empty()
                : Optional.of(Message.text(template.replace("{userId}", userId())));
    }

    /**
     * Ends the session. After this call no registry or topic refers to it, and nothing is written to it. The
     * remaining steps follow after the current walk of the thread.
     */
    public void closed(CloseStatus status) {
        outbox.closed();
        AudienceWalk.afterwards(() -> end(status));
    }

    private void end(CloseStatus status) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            Set<String> topics = new HashSet<>();
            ended = true;
            try {
                for (TopicSubscription subscription : SubscriptionSet.list(subscriptions)) {
                    topics.add(subscription.topic());
                    forgetTerms(subscription);
                    context.topics().removeDisconnected(subscription).ifPresent(callOuts::add);
                }
            } finally {
                subscriptions = SubscriptionSet.NONE;
                leave(topics, status);
            }
        } finally {
            lock.unlock();
            callOuts.run();
        }
    }

    /** Releases the permit, before the DISCONNECT event is published. */
    private void leave(Set<String> topics, CloseStatus status) {
        if (!entered) {
            permit.release(userId(), () -> context.registry().removePending(this));
            partialMessages.close();
            return;
        }
        permit.release(userId(), () -> context.registry().remove(this));
        partialMessages.close();
        callOuts.add(() -> {
            try {
                context.events().disconnected(this, Set.copyOf(topics), status);
            } finally {
                context.registry().reported();
            }
        });
    }

    /** Releases the resources of a connection that has ended before its opening. */
    void neverOpened() {
        permit.release();
        partialMessages.close();
    }

    ClientLimits limits() {
        return limits;
    }

    /**
     * Records that the connection begins to close on either side, so that a newer one may replace it. Called without
     * a lock.
     */
    void onClosing() {
        permit.closing(userId());
    }

    @Override
    public void onOverflow(String report) {
        if (!isOpen()) {
            onClosing();
        }
        context.events().error(ErrorCode.OUTBOX_OVERFLOW, report, this, null);
    }

    @Override
    public void onCatchUp() {
        context.catchUps().start(outbox, this::encodingOf);
    }

    private @Nullable ProtocolEncoding encodingOf(String topic) {
        lock.lock();
        try {
            TopicSubscription subscription = SubscriptionSet.find(subscriptions, topic);
            return subscription == null ? null : subscription.encoding();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the subscription. The plain protocol cannot report this to its client, so its connection is closed. */
    @Override
    public void onInsufficientState(String topic) {
        if (unsubscribe(topic, SubscriptionEnding.INSUFFICIENT_STATE)) {
            context.events()
                    .error(
                            ErrorCode.OUTBOX_OVERFLOW,
                            "the history of a topic has lost publications that the client missed; its subscription ends",
                            this,
                            null);
            if (link == null) {
                close(CloseStatus.TRY_AGAIN_LATER.withReason("missed messages"));
            }
        }
    }

    @Override
    public void onWriteFailed(Throwable cause) {
        onClosing();
        if (!aborted && !ended) {
            context.events().error(ErrorCode.WRITE_FAILED, "the connection failed while writing", this, cause);
        }
    }

    /** Closes the connection. Does not throw, because the other clients must be closed too. */
    public void abort() {
        boolean first = !aborted;
        aborted = true;
        onClosing();
        try {
            connection.abort();
        } catch (RuntimeException | Error e) {
            if (first) {
                context.events().error(ErrorCode.WRITE_FAILED, "the connection could not be aborted", this, e);
            }
        }
    }

    @Override
    public CloseStatus tooSlow(CloseStatus status) {
        return link == null ? status : link.tooSlow(status);
    }

    @Override
    public boolean isHeartbeating() {
        return context.isHeartbeating();
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public @Nullable FilledOutboxes reach() {
        return inboundHandler.reach();
    }

    /** Returns the encoding of messages without a topic. */
    ProtocolEncoding encoding() {
        return link == null ? context.protocol() : link.encoding();
    }

    @Override
    public boolean cancel(TopicSubscription subscription) {
        return cancel(subscription, SubscriptionEnding.UNSUBSCRIBED);
    }

    @Override
    public void endIncomplete(TopicSubscription subscription) {
        if (link != null && context.topicSettings().of(subscription.topic()).isRecoverable()) {
            cancel(subscription, SubscriptionEnding.INSUFFICIENT_STATE);
        }
    }

    /**
     * Ends a subscription.
     *
     * @param ending reason, or {@code null} if the client has asked for the end
     */
    boolean cancel(TopicSubscription subscription, @Nullable SubscriptionEnding ending) {
        lock.lock();
        try {
            if (SubscriptionSet.find(subscriptions, subscription.topic()) != subscription) {
                return false;
            }
            subscriptions = SubscriptionSet.without(subscriptions, subscription);
            forgetTerms(subscription);
            context.topics().remove(subscription).ifPresent(callOuts::add);
            if (link != null && ending != null) {
                callOuts.add(() -> link.onUnsubscribed(subscription.topic(), ending));
            }
            outbox.forget(subscription.topic());
            report(() -> context.events().unsubscribed(this, subscription.topic()));
        } finally {
            lock.unlock();
        }
        callOuts.run();
        // Messages of a current walk are flushed with the topic, which does not refer to this session any more.
        outbox.flush();
        return true;
    }

    /** Queues the report of a changed subscription. Called under the lock. */
    private void report(Runnable event) {
        if (context.events().isObserved() && !callOuts.offer(event)) {
            context.counters().eventsLost.increment();
        }
    }

    @Override
    public Map<String, Object> attributes() {
        Map<String, Object> found = attributes;
        return found instanceof ConcurrentHashMap ? found : ownAttributes();
    }

    private Map<String, Object> ownAttributes() {
        lock.lock();
        try {
            if (!(attributes instanceof ConcurrentHashMap)) {
                attributes = new ConcurrentHashMap<>(attributes);
            }
            return attributes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Subscription> subscriptions() {
        lock.lock();
        try {
            return List.copyOf(SubscriptionSet.list(subscriptions));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Subscription> subscribe(String topic) {
        TopicNames.check(topic, limits);
        return Optional.ofNullable(add(plan(topic, null, null, null)));
    }

    /** Subscribes by a decision of the topic authorizer. Returns {@code false} if it was revoked or is too late. */
    boolean subscribe(PendingDecision decided, TopicDecision.Allowed permission) {
        return add(plan(decided.request.topic(), null, decided, permission)) != null;
    }

    @Override
    public CompletionStage<Recovery> subscribe(String topic, StreamPosition since) {
        Objects.requireNonNull(since, "since");
        TopicNames.check(topic, limits);
        TopicOptions options = context.topicSettings().of(topic);
        if (!options.isRecoverable()) {
            return CompletableFuture.failedStage(new IllegalStateException(
                    "a client recovers only on a topic that is recoverable, see TopicOptions"));
        }
        try {
            return addNew(plan(topic, since, null, null));
        } catch (ClientActionException e) {
            return CompletableFuture.failedStage(new IllegalStateException(e.getMessage(), e));
        } catch (IllegalStateException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Plans a subscription by the application, or by a client of the plain protocol. Calls the topic configurer. */
    private SubscriptionPlan plan(
            String topic,
            @Nullable StreamPosition since,
            @Nullable PendingDecision decided,
            TopicDecision.@Nullable Allowed permission) {
        if (link != null) {
            SubscribeRequest request = link.onServerSubscribe(topic);
            return plan(
                    since == null ? request : request.toBuilder().since(since).build(), decided, permission);
        }
        TopicOptions options = context.topicSettings().of(topic);
        PlainProtocol protocol = context.protocol();
        if (since == null && !context.histories().needsStart(options)) {
            return new SubscriptionPlan(topic, options, protocol, false, null, decided, permission);
        }
        SubscribeRequest.Builder request =
                SubscribeRequest.builder(topic, protocol).reply(protocol::first);
        return plan(since == null ? request.build() : request.since(since).build(), decided, permission);
    }

    SubscriptionPlan plan(
            SubscribeRequest request, @Nullable PendingDecision decided, TopicDecision.@Nullable Allowed permission) {
        TopicOptions options = context.topicSettings().of(request.topic());
        SubscriptionStart start = context.histories()
                .start(
                        this,
                        new FirstMessages(
                                outbox, request, options, permission == null ? TopicDecision.allowed() : permission));
        TopicDecision.Allowed attached = permission == null ? null : withGrace(permission, request);
        return new SubscriptionPlan(
                request.topic(), options, request.encoding(), request.wantsJoinLeave(), start, decided, attached);
    }

    private static TopicDecision.Allowed withGrace(TopicDecision.Allowed permission, SubscribeRequest request) {
        return permission
                .expiresAt()
                .map(time -> permission.withExpiry(time.plus(request.expiryGrace())))
                .orElse(permission);
    }

    /** Replaces the permission of a subscription by request of the client. Returns whether there is a subscription. */
    boolean renew(SubscribeRequest request, TopicDecision.@Nullable Allowed permission) {
        lock.lock();
        try {
            TopicSubscription subscription = SubscriptionSet.find(subscriptions, request.topic());
            if (subscription != null && permission != null) {
                attach(subscription, withGrace(permission, request));
            }
            return subscription != null;
        } finally {
            lock.unlock();
        }
    }

    /** Carries out a plan. Returns the subscription, also an existing one, or {@code null} if it is too late. */
    private @Nullable TopicSubscription add(SubscriptionPlan plan) {
        try {
            addNew(plan);
        } catch (ClientActionException e) {
            if (e.reason() != ClientActionException.Reason.SUBSCRIBED) {
                return null;
            }
        }
        lock.lock();
        try {
            return SubscriptionSet.find(subscriptions, plan.topic());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Carries out a plan.
     *
     * @return a stage with the outcome. It fails with a {@link ClientActionException} if the start of the subscription
     *     has failed or refused it
     * @throws ClientActionException if there is no new subscription
     * @throws IllegalStateException if the client has as many subscriptions as it may have
     */
    CompletionStage<Recovery> addNew(SubscriptionPlan plan) {
        SubscriptionStart start = plan.start();
        TopicSubscription subscription;
        lock.lock();
        try {
            if (ended || plan.isRevoked()) {
                throw new ClientActionException(
                        ended ? ClientActionException.Reason.CLOSED : ClientActionException.Reason.DENIED,
                        ended ? "the connection is gone" : "revoked",
                        null);
            }
            if (SubscriptionSet.find(subscriptions, plan.topic()) != null) {
                throw new ClientActionException(
                        ClientActionException.Reason.SUBSCRIBED, "the client is subscribed to the topic already", null);
            }
            SubscriptionSet.requireRoom(subscriptions, limits.maxTopics());
            TopicDecision.Allowed permission = plan.permission();
            Arrival arrival = plan.options().hasPresence() ? arrival(plan, permission) : null;
            subscription = context.topics().add(this, plan.topic(), plan.encoding(), start, arrival);
            subscriptions = SubscriptionSet.with(subscriptions, subscription);
            attach(subscription, permission);
            if (arrival != null) {
                callOuts.add(arrival);
            }
            report(() -> context.events().subscribed(this, plan.topic()));
        } finally {
            lock.unlock();
        }
        callOuts.run();
        if (start == null) {
            return CompletableFuture.completedStage(new Recovery(subscription, StreamPosition.NONE, false, 0));
        }
        return start.proceed(subscription).thenApply(recovery -> started(recovery, start.first()));
    }

    /** Ends a subscription that its start has refused. */
    private Recovery started(Recovery recovery, FirstMessages first) {
        if (first.isStarted()) {
            return recovery;
        }
        drop((TopicSubscription) recovery.subscription());
        Throwable failure = first.failure();
        if (failure == null) {
            throw new ClientActionException(
                    ClientActionException.Reason.NOT_RECOVERED, "missed publications cannot be sent", null);
        }
        if (link != null) {
            link.failed(failure);
        }
        throw new ClientActionException(
                ClientActionException.Reason.FAILED, "the subscription could not start", failure);
    }

    @Override
    public void drop(TopicSubscription subscription) {
        cancel(subscription, null);
    }

    private Arrival arrival(SubscriptionPlan plan, TopicDecision.@Nullable Allowed permission) {
        PresenceContext presence = context.presence();
        Optional<Payload> subscriptionInfo = permission == null ? Optional.empty() : permission.info();
        PresenceMember member = new PresenceMember(id(), id(), userId(), info(), subscriptionInfo, presence.node());
        PresenceObserver observer = plan.joinLeave() ? new PresenceObserver(plan.encoding(), outbox) : null;
        return new Arrival(presence, number(), member, plan.options(), observer);
    }

    private void attach(TopicSubscription subscription, TopicDecision.@Nullable Allowed permission) {
        SubscriptionExpiry expiry = context.expiry();
        if (permission != null && expiry != null) {
            expiry.attach(subscription, permission);
        }
    }

    private void forgetTerms(TopicSubscription subscription) {
        SubscriptionExpiry expiry = context.expiry();
        if (expiry != null) {
            expiry.remove(subscription);
        }
    }

    /**
     * Returns whether the client lacks a subscription and may have it.
     *
     * @throws IllegalArgumentException if the text cannot be a topic
     * @throws IllegalStateException if the client has as many subscriptions as it may have
     */
    boolean needsSubscription(String topic) {
        TopicNames.check(topic, limits);
        lock.lock();
        try {
            if (ended || SubscriptionSet.find(subscriptions, topic) != null) {
                return false;
            }
            SubscriptionSet.requireRoom(subscriptions, limits.maxTopics());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Continues a subscription whose permission has expired, or ends it, by a new verdict. */
    void renew(TopicSubscription subscription, Verdict verdict) {
        if (verdict.isAllowed()) {
            lock.lock();
            try {
                if (SubscriptionSet.find(subscriptions, subscription.topic()) == subscription) {
                    attach(subscription, verdict.permission());
                }
            } finally {
                lock.unlock();
            }
        } else if (cancel(subscription, SubscriptionEnding.EXPIRED)) {
            TopicDenials.report(this, subscription.topic(), verdict);
        }
    }

    /** Lets the permissions of all subscriptions expire. */
    void expirePermissions(SubscriptionExpiry expiry, Instant now) {
        lock.lock();
        try {
            SubscriptionSet.list(subscriptions).forEach(subscription -> expiry.expire(subscription, now));
        } finally {
            lock.unlock();
        }
    }

    /** Ends the subscription to a topic and denies a pending one. */
    void revoke(String topic) {
        List<PendingDecision> pending;
        TopicSubscription subscription;
        lock.lock();
        try {
            pending = inboundHandler.revoke(topic);
            subscription = SubscriptionSet.find(subscriptions, topic);
        } finally {
            lock.unlock();
        }
        pending.forEach(decision -> decision.decide(Verdict.REVOKED));
        if (subscription != null && cancel(subscription, SubscriptionEnding.REVOKED)) {
            TopicDenials.report(this, topic, Verdict.REVOKED);
        }
    }

    @Override
    public boolean unsubscribe(String topic) {
        return unsubscribe(topic, SubscriptionEnding.UNSUBSCRIBED);
    }

    /**
     * Ends the subscription to a topic.
     *
     * @param ending reason, or {@code null} if the client has asked for the end
     */
    boolean unsubscribe(String topic, @Nullable SubscriptionEnding ending) {
        Objects.requireNonNull(topic, "topic");
        TopicSubscription subscription;
        lock.lock();
        try {
            subscription = SubscriptionSet.find(subscriptions, topic);
        } finally {
            lock.unlock();
        }
        return subscription != null && cancel(subscription, ending);
    }

    @Override
    public boolean send(Message message) {
        boolean queued = link == null ? outbox.offer(message) : link.offer(message);
        outbox.flush();
        return queued;
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("close code " + status.code() + " may not be sent");
        }
        close(ConnectionEnding.APPLICATION, status);
    }

    /** Closes the connection with a status, which its protocol may replace. */
    void close(ConnectionEnding ending, CloseStatus status) {
        closeAs(link == null ? status : link.closeStatus(ending, status));
    }

    /** Closes the connection with a status as it is. */
    void closeAs(CloseStatus status) {
        if (outbox.close(status)) {
            onClosing();
            // Input of a client that is being closed is ignored, however long its close reply takes.
            inboundHandler.ignoreInput();
            outbox.flush();
        }
    }

    @Override
    public boolean isOpen() {
        return outbox.isOpen();
    }
}
