package io.tankws.core;

import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.HandshakeRequest;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.Subscription;
import io.tankws.spi.Connection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One connection as the application sees it; its {@link Receiver} is what the transport sees.
 *
 * <p>Locks: this session's own guards its life and its subscriptions and is taken before a topic's; an outbox's is
 * taken last and nothing is called under it. User code runs under none.
 */
final class ClientSession extends Roster.Entry implements Client {
    final Receiver receiver;
    final Engine engine;
    private final long number;
    private final String userId;
    private final HandshakeRequest handshake;
    private final Optional<String> subprotocol;
    private final Optional<Instant> expiresAt;
    private final Limits limits;
    private final Places.Place place;
    private final long connectedAt = Moments.now();
    /** Those of the identity until somebody asks for them, then a concurrent map of this session's own. */
    private volatile Map<String, Object> attributes;
    /** See {@link Subscriptions}. */
    private Object subscriptions = Subscriptions.NONE;

    private final Pulse pulse = new Pulse(System.nanoTime());

    /** Both set at the opening, before any other thread can find this session. */
    private Connection connection;

    Outbox outbox;
    private boolean gone;
    /** Whether we cut it off: a write that fails then is a consequence, and no error of its own. */
    private volatile boolean aborted;

    ClientSession(Engine engine, Visitor visitor) {
        this.engine = engine;
        number = visitor.number();
        userId = visitor.userId();
        handshake = visitor.handshake();
        subprotocol = visitor.subprotocol();
        expiresAt = visitor.expiresAt();
        limits = visitor.limits();
        place = visitor.place();
        attributes = visitor.attributes();
        receiver = new Receiver(this);
    }

    /** Begins the life of this session; what the outbox holds then is still to be flushed. */
    synchronized Outbox open(Connection opened) {
        connection = opened;
        outbox = new Outbox(this, opened, limits, engine.settings.overflowPolicy(), engine.counters);
        // Before anybody else can find this client, so that the greeting comes first.
        engine.greeting(userId).ifPresent(outbox::offer);
        place.open(() -> engine.registry.add(this));
        engine.events.connected(this);
        return outbox;
    }

    /** Ends it: afterwards nothing leads here any more. */
    synchronized void closed(CloseStatus status) {
        if (gone) {
            return;
        }
        gone = true;
        outbox.closed();
        Set<String> ended = new HashSet<>();
        for (TopicSubscription subscription : Subscriptions.list(subscriptions)) {
            engine.topics.remove(subscription);
            ended.add(subscription.topic());
        }
        subscriptions = Subscriptions.NONE;
        // Whoever is told of the end finds nothing left of it.
        engine.registry.remove(this);
        engine.events.disconnected(this, Set.copyOf(ended), status);
        engine.registry.told();
        place.release();
    }

    /** The peer left before the opening. */
    void neverOpened() {
        place.release();
    }

    Limits limits() {
        return limits;
    }

    void onOverflow(String report) {
        engine.events.error(ErrorCode.OUTBOX_OVERFLOW, report, this, null);
    }

    void onWriteFailed(Throwable cause) {
        if (!aborted && !isGone()) {
            engine.events.error(ErrorCode.WRITE_FAILED, "the connection failed while writing", this, cause);
        }
    }

    /** Looks whether something is overdue; called by the housekeeper alone. */
    void check(long now, Heartbeat heartbeat) {
        if (outbox.closeOverdue(now)) {
            abort();
        } else if (outbox.writeOverdue(now)) {
            engine.events.error(ErrorCode.WRITE_FAILED, "a write made no end in time", this, null);
            abort();
        } else if (outbox.check(now)) {
            outbox.flush();
        } else if (isExpired() && outbox.isOpen()) {
            engine.events.error(ErrorCode.AUTHENTICATION_FAILED, "the identity has expired", this, null);
            close(CloseStatus.EXPIRED);
        } else if (heartbeat != null && outbox.isOpen()) {
            checkPulse(now, heartbeat);
        }
    }

    private boolean isExpired() {
        return expiresAt.isPresent() && !Instant.now().isBefore(expiresAt.get());
    }

    private void checkPulse(long now, Heartbeat heartbeat) {
        switch (pulse.check(now, receiver.lastRead(), heartbeat, receiver.isHeldBack())) {
            case PING -> {
                if (outbox.ping()) {
                    pulse.pinged(now);
                    outbox.flush();
                }
            }
            case DEAD -> {
                if (connection.hasUnread()) {
                    pulse.heard();
                    return;
                }
                engine.events.error(ErrorCode.HEARTBEAT_FAILED, "silent past the heartbeat timeout", this, null);
                abort();
            }
            case FINE -> {}
        }
    }

    /** Answers the peer's close frame once all that is queued has left. */
    void answerClose() {
        outbox.close(CloseStatus.NORMAL);
        outbox.flush();
    }

    void abort() {
        aborted = true;
        connection.abort();
    }

    /** What {@link #id} is made of; unique within the process. */
    long number() {
        return number;
    }

    boolean cancel(TopicSubscription subscription) {
        synchronized (this) {
            if (Subscriptions.find(subscriptions, subscription.topic()) != subscription) {
                return false;
            }
            subscriptions = Subscriptions.without(subscriptions, subscription);
            engine.topics.remove(subscription);
            engine.events.unsubscribed(this, subscription.topic());
        }
        // What was published until now is flushed with the topic, which no more leads here.
        outbox.flush();
        return true;
    }

    private synchronized boolean isGone() {
        return gone;
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
    public HandshakeRequest handshake() {
        return handshake;
    }

    @Override
    public Optional<String> subprotocol() {
        return subprotocol;
    }

    @Override
    public Instant connectedAt() {
        return Moments.instant(connectedAt);
    }

    @Override
    public Map<String, Object> attributes() {
        Map<String, Object> found = attributes;
        return found instanceof ConcurrentHashMap ? found : ownAttributes();
    }

    private synchronized Map<String, Object> ownAttributes() {
        if (!(attributes instanceof ConcurrentHashMap)) {
            attributes = new ConcurrentHashMap<>(attributes);
        }
        return attributes;
    }

    @Override
    public synchronized List<Subscription> subscriptions() {
        return List.copyOf(Subscriptions.list(subscriptions));
    }

    @Override
    public synchronized Optional<Subscription> subscribe(String topic) {
        Topics.check(topic, limits);
        if (gone) {
            return Optional.empty();
        }
        TopicSubscription existing = Subscriptions.find(subscriptions, topic);
        if (existing != null) {
            return Optional.of(existing);
        }
        int most = limits.maxTopics();
        if (Subscriptions.list(subscriptions).size() >= most) {
            throw new IllegalStateException("a client subscribes to at most " + most + " topics");
        }
        TopicSubscription subscription = new TopicSubscription(this, topic);
        engine.topics.add(subscription);
        subscriptions = Subscriptions.with(subscriptions, subscription);
        engine.events.subscribed(this, topic);
        return Optional.of(subscription);
    }

    @Override
    public boolean unsubscribe(String topic) {
        TopicSubscription subscription;
        synchronized (this) {
            subscription = Subscriptions.find(subscriptions, Objects.requireNonNull(topic, "topic"));
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
            // Who is shown out is heard no more, however long it takes to answer the close frame.
            receiver.deafen();
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
