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
import io.tankws.core.routing.AudienceWalk;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.SubscriptionStart;
import io.tankws.core.routing.TopicNames;
import io.tankws.core.routing.TopicSubscription;
import io.tankws.spi.ByteShare;
import io.tankws.spi.Connection;
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
    private final ClientLimits limits;
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
    /** Guarded by the lock for writes. */
    private volatile boolean ended;
    /** True if this side has aborted the connection. A write that fails then is a consequence and not reported. */
    private volatile boolean aborted;

    public ClientSession(SessionContext context, SessionSpec spec) {
        super(spec);
        this.context = context;
        limits = spec.limits();
        permit = spec.permit();
        partialMessages = context.partialMessages().share();
        attributes = spec.attributes();
        inboundHandler = new InboundHandler(this);
    }

    /** Opens this session. The caller must flush the outbox. */
    Outbox open(Connection opened) {
        lock.lock();
        try {
            connection = opened;
            context.pieces().fit(limits);
            outbox = new Outbox(number(), this, opened, limits, context.outboxes());
            // This happens before other threads can find the client, so that the greeting is its first message.
            greeting().ifPresent(outbox::offer);
            permit.open(() -> context.registry().add(this));
            callOuts.add(() -> context.events().connected(this));
        } finally {
            lock.unlock();
        }
        callOuts.run();
        return outbox;
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

    @Override
    public boolean cancel(TopicSubscription subscription) {
        lock.lock();
        try {
            if (SubscriptionSet.find(subscriptions, subscription.topic()) != subscription) {
                return false;
            }
            subscriptions = SubscriptionSet.without(subscriptions, subscription);
            forgetTerms(subscription);
            context.topics().remove(subscription).ifPresent(callOuts::add);
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
        return Optional.ofNullable(subscribe(topic, null, null));
    }

    /** Subscribes by a decision of the topic authorizer. Returns {@code false} if it was revoked or is too late. */
    boolean subscribe(InputGate.PendingSubscription decided, Verdict verdict) {
        return subscribe(decided.topic(), decided, verdict.permission()) != null;
    }

    private @Nullable TopicSubscription subscribe(
            String topic, InputGate.@Nullable PendingSubscription decided, TopicDecision.@Nullable Allowed permission) {
        TopicNames.check(topic, limits);
        TopicOptions options = context.topicSettings().of(topic);
        SubscriptionStart start = context.histories().startOf(this, topic);
        TopicSubscription subscription;
        boolean added = false;
        lock.lock();
        try {
            if (ended || decided != null && decided.isRevoked()) {
                return null;
            }
            subscription = SubscriptionSet.find(subscriptions, topic);
            if (subscription == null) {
                SubscriptionSet.requireRoom(subscriptions, limits.maxTopics());
                subscription = add(topic, options, permission, start);
                added = true;
            }
        } finally {
            lock.unlock();
        }
        callOuts.run();
        if (start != null && added) {
            start.proceed(subscription);
        }
        return subscription;
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
        SubscriptionStart start = context.histories().startFrom(this, topic, since);
        TopicSubscription subscription;
        lock.lock();
        try {
            if (ended) {
                return CompletableFuture.failedStage(new IllegalStateException("the connection is gone"));
            }
            if (SubscriptionSet.find(subscriptions, topic) != null) {
                return CompletableFuture.failedStage(
                        new IllegalStateException("the client is subscribed to the topic already"));
            }
            SubscriptionSet.requireRoom(subscriptions, limits.maxTopics());
            subscription = add(topic, options, null, start);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedStage(e);
        } finally {
            lock.unlock();
        }
        callOuts.run();
        return start.proceed(subscription);
    }

    private TopicSubscription add(
            String topic,
            TopicOptions options,
            TopicDecision.@Nullable Allowed permission,
            @Nullable SubscriptionStart start) {
        Arrival arrival = options.hasPresence() ? arrival(options, permission) : null;
        TopicSubscription subscription = context.topics().add(this, topic, start, arrival);
        subscriptions = SubscriptionSet.with(subscriptions, subscription);
        attach(subscription, permission);
        if (arrival != null) {
            callOuts.add(arrival);
        }
        report(() -> context.events().subscribed(this, topic));
        return subscription;
    }

    private Arrival arrival(TopicOptions options, TopicDecision.@Nullable Allowed permission) {
        PresenceContext presence = context.presence();
        Optional<Payload> subscriptionInfo = permission == null ? Optional.empty() : permission.info();
        PresenceMember member = new PresenceMember(id(), id(), userId(), info(), subscriptionInfo, presence.node());
        return presence.arrival(number(), member, options);
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
        } else if (cancel(subscription)) {
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
        InputGate.@Nullable PendingSubscription pending;
        TopicSubscription subscription;
        lock.lock();
        try {
            pending = inboundHandler.revoke(topic);
            subscription = SubscriptionSet.find(subscriptions, topic);
        } finally {
            lock.unlock();
        }
        if (pending != null) {
            pending.decide(Verdict.REVOKED);
        }
        if (subscription != null && cancel(subscription)) {
            TopicDenials.report(this, topic, Verdict.REVOKED);
        }
    }

    @Override
    public boolean unsubscribe(String topic) {
        Objects.requireNonNull(topic, "topic");
        TopicSubscription subscription;
        lock.lock();
        try {
            subscription = SubscriptionSet.find(subscriptions, topic);
        } finally {
            lock.unlock();
        }
        return subscription != null && cancel(subscription);
    }

    @Override
    public boolean send(Message message) {
        boolean queued = outbox.offer(message);
        outbox.flush();
        return queued;
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("close code " + status.code() + " may not be sent");
        }
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
