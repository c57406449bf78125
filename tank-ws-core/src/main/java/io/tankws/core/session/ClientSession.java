package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.HandshakeRequest;
import io.tankws.Message;
import io.tankws.Subscription;
import io.tankws.core.concurrent.EpochNanos;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.concurrent.SerialCalls;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.outbox.OutboxListener;
import io.tankws.core.routing.AudienceWalk;
import io.tankws.core.routing.SnapshotSet;
import io.tankws.core.routing.Subscriber;
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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection as the application uses it. Its {@link InboundHandler} is the side of the transport.
 *
 * <p>The lock of the session guards its state and its subscriptions. No write, close or report happens under it.
 * Events wait in {@link SerialCalls} for its release.
 */
public final class ClientSession extends SnapshotSet.Entry implements Subscriber, OutboxListener {
    public final InboundHandler receiver;
    public final SessionContext context;
    private final long number;
    private final String userId;
    private final HandshakeRequest handshake;
    private final Optional<String> subprotocol;
    private final Optional<Instant> expiresAt;
    private final ClientLimits limits;
    final ConnectionQuota.Permit permit;
    /** Bytes of a message that the transport has received in part. */
    public final ByteShare partialMessages;

    private final long connectedAt = EpochNanos.now();
    /** Attributes of the identity until their first use, then a concurrent map of this session. */
    private volatile Map<String, Object> attributes;
    /** See {@link SubscriptionSet}. */
    private Object subscriptions = SubscriptionSet.NONE;

    private final HeartbeatMonitor monitor = new HeartbeatMonitor(RunningTime.nanoTime());
    private final RankedLock lock = new RankedLock(RankedLock.Rank.SESSION);
    private final SerialCalls callOuts = new SerialCalls();

    /** Set at the opening, before another thread can find this session. */
    @SuppressWarnings("NullAway.Init") // set by open
    private Connection connection;

    @SuppressWarnings("NullAway.Init") // set by open; only a session whose opening has failed has none
    public Outbox outbox;
    /** Guarded by the lock for writes. */
    private volatile boolean gone;
    /** True if this side has aborted the connection. A write that fails then is a consequence and not reported. */
    private volatile boolean aborted;

    public ClientSession(SessionContext context, SessionSpec spec) {
        this.context = context;
        number = spec.number();
        userId = spec.userId();
        handshake = spec.handshake();
        subprotocol = spec.subprotocol();
        expiresAt = spec.expiresAt();
        limits = spec.limits();
        permit = spec.permit();
        partialMessages = context.partialMessages().share();
        attributes = spec.attributes();
        receiver = new InboundHandler(this);
    }

    /** Opens this session. The caller must flush the outbox. */
    Outbox open(Connection opened) {
        lock.lock();
        try {
            connection = opened;
            context.pieces().fit(limits);
            outbox = new Outbox(number, this, opened, limits, context.outboxes());
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
        return template.isEmpty() ? Optional.empty() : Optional.of(Message.text(template.replace("{userId}", userId)));
    }

    /**
     * Ends the session. After this call no registry or topic refers to it, and nothing is written to it. The
     * remaining steps follow after the current walk of the thread.
     */
    public void closed(CloseStatus status) {
        if (outbox == null) {
            // The opening failed, for instance for lack of memory, and the transport has ended the connection.
            neverOpened();
            return;
        }
        outbox.closed();
        AudienceWalk.afterwards(() -> end(status));
    }

    private void end(CloseStatus status) {
        lock.lock();
        try {
            if (gone) {
                return;
            }
            Set<String> ended = new HashSet<>();
            gone = true;
            try {
                for (TopicSubscription subscription : SubscriptionSet.list(subscriptions)) {
                    ended.add(subscription.topic());
                    context.topics().remove(subscription).ifPresent(callOuts::add);
                }
            } finally {
                subscriptions = SubscriptionSet.NONE;
                leave(ended, status);
            }
        } finally {
            lock.unlock();
            callOuts.run();
        }
    }

    /** Releases the permit, before the DISCONNECT event is published. */
    private void leave(Set<String> ended, CloseStatus status) {
        permit.release(userId, () -> context.registry().remove(this));
        partialMessages.close();
        callOuts.add(() -> {
            try {
                context.events().disconnected(this, Set.copyOf(ended), status);
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
        permit.closing(userId);
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
        if (!aborted && !gone) {
            context.events().error(ErrorCode.WRITE_FAILED, "the connection failed while writing", this, cause);
        }
    }

    /** Handles overdue waits. Called by the housekeeper only. */
    void check(long now, @Nullable HeartbeatConfig heartbeat) {
        long drained = connection.drainedBytes();
        outbox.progressed(now, drained);
        if (outbox.closeOverdue(now)) {
            abort();
        } else if (outbox.writeOverdue(now)) {
            context.events().error(ErrorCode.WRITE_FAILED, "a write did not complete in time", this, null);
            abort();
        } else if (outbox.check(now)) {
            outbox.flush();
        } else if (isExpired() && outbox.isOpen()) {
            context.events().error(ErrorCode.AUTHENTICATION_FAILED, "the identity has expired", this, null);
            close(CloseStatus.IDENTITY_EXPIRED);
        } else if (heartbeat != null && outbox.isOpen()) {
            checkHeartbeat(now, drained, heartbeat);
        }
    }

    private boolean isExpired() {
        return expiresAt.isPresent() && !Instant.now().isBefore(expiresAt.get());
    }

    private void checkHeartbeat(long now, long drained, HeartbeatConfig heartbeat) {
        monitor.sentLarge(now, outbox.largeBytes());
        switch (monitor.check(
                now, receiver.lastRead(), drained, outbox.isBlocked(), heartbeat, receiver.isHeldBack())) {
            case PING -> {
                if (outbox.ping()) {
                    monitor.pinged(now);
                    outbox.flush();
                } else if (outbox.isBlocked()) {
                    monitor.blocked(now);
                }
            }
            case TIMEOUT -> {
                if (connection.hasPendingInput()) {
                    monitor.onInput();
                    return;
                }
                context.events().error(ErrorCode.HEARTBEAT_FAILED, "silent past the heartbeat timeout", this, null);
                abort();
            }
            case NONE -> {}
        }
    }

    /** Replies to the close frame of the peer after all queued messages have left. */
    void answerClose() {
        outbox.close(CloseStatus.NORMAL);
        outbox.flush();
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
        return receiver.reach();
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public boolean cancel(TopicSubscription subscription) {
        lock.lock();
        try {
            if (SubscriptionSet.find(subscriptions, subscription.topic()) != subscription) {
                return false;
            }
            subscriptions = SubscriptionSet.without(subscriptions, subscription);
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
    public String id() {
        return "c" + number;
    }

    @Override
    public String userId() {
        return userId;
    }

    @Override
    public HandshakeRequest handshakeRequest() {
        return handshake;
    }

    @Override
    public Optional<String> subprotocol() {
        return subprotocol;
    }

    @Override
    public Instant connectedAt() {
        return EpochNanos.instant(connectedAt);
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
        TopicSubscription subscription;
        lock.lock();
        try {
            if (gone) {
                return Optional.empty();
            }
            subscription = SubscriptionSet.find(subscriptions, topic);
            if (subscription == null) {
                subscription = add(topic);
            }
        } finally {
            lock.unlock();
        }
        callOuts.run();
        return Optional.of(subscription);
    }

    private TopicSubscription add(String topic) {
        int max = limits.maxTopics();
        if (SubscriptionSet.list(subscriptions).size() >= max) {
            throw new IllegalStateException("a client subscribes to at most " + max + " topics");
        }
        TopicSubscription subscription = new TopicSubscription(this, topic);
        context.topics().add(subscription);
        subscriptions = SubscriptionSet.with(subscriptions, subscription);
        report(() -> context.events().subscribed(this, topic));
        return subscription;
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
            receiver.ignoreInput();
            outbox.flush();
        }
    }

    @Override
    public boolean isOpen() {
        return outbox.isOpen();
    }

    @Override
    public String toString() {
        return "Client[" + id() + "]";
    }
}
