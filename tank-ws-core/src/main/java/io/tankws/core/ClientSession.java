package io.tankws.core;

import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.Frame;
import io.tankws.HandshakeRequest;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.Subscription;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One connection, from both sides: what the application sees and what the transport calls.
 *
 * <p>Locks: this session's own guards its life and its subscriptions and is taken before a topic's; an outbox's is
 * taken last and nothing is called under it. User code runs under none.
 */
final class ClientSession extends Roster.Entry implements Client, ConnectionListener {
    private final Engine engine;
    private final String id;
    private final String userId;
    private final HandshakeRequest handshake;
    private final Optional<String> subprotocol;
    private final Instant connectedAt = Instant.now();
    private final Map<String, Object> attributes;
    private final Map<String, TopicSubscription> subscriptions = new LinkedHashMap<>(4);

    private Connection connection;
    Outbox outbox;
    private Inbox inbox;
    private boolean gone;
    private boolean relayed;
    private volatile long lastRead = System.nanoTime();
    private final Pulse pulse = new Pulse(lastRead);

    ClientSession(
            Engine engine,
            String id,
            String userId,
            HandshakeRequest handshake,
            Optional<String> subprotocol,
            Map<String, Object> attributes) {
        this.engine = engine;
        this.id = id;
        this.userId = userId;
        this.handshake = handshake;
        this.subprotocol = subprotocol;
        this.attributes = new ConcurrentHashMap<>(attributes);
    }

    // --- what the transport calls

    @Override
    public void onOpen(Connection connection) {
        synchronized (this) {
            this.connection = connection;
            outbox = new Outbox(this, connection, engine.settings, engine.counters);
            if (engine.settings.handler() != null) {
                inbox = new Inbox(
                        this,
                        connection,
                        engine.settings.handler(),
                        engine.handlers,
                        engine.settings.limits(),
                        engine.events);
            }
            // Before anybody else can find this client, so that the greeting comes first.
            engine.greeting(userId).ifPresent(outbox::offer);
            engine.registry.add(this);
            engine.events.connected(this);
        }
        outbox.flush();
        engine.onOpened(this);
    }

    @Override
    public void onOpenFailed(Throwable cause) {
        engine.counters.refused.increment();
        engine.events.error(ErrorCode.UPGRADE_FAILED, "the peer left during the handshake", null, cause);
    }

    @Override
    public void onText(ByteBuffer utf8) {
        engine.counters.received.increment();
        Protocol.Command command = engine.protocol.parse(utf8);
        switch (command.kind()) {
            case SUBSCRIBE -> command(() -> subscribe(command.topic()));
            case UNSUBSCRIBE -> command(() -> unsubscribe(Topics.check(command.topic(), engine.settings.limits())));
            case MESSAGE -> handle(Message.text(utf8));
            case HEARTBEAT -> {
                // Its coming was the message.
            }
        }
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        engine.counters.received.increment();
        handle(Message.binary(payload));
    }

    private void handle(Message message) {
        if (inbox != null) {
            inbox.offer(message);
        } else {
            engine.enqueue(message, this);
            relayed = true;
        }
    }

    /** A client's own mistake is reported, never thrown at its transport. */
    private void command(Runnable command) {
        try {
            command.run();
        } catch (IllegalArgumentException e) {
            engine.events.error(ErrorCode.INVALID_TOPIC, e.getMessage(), this, null);
        } catch (IllegalStateException e) {
            engine.events.error(ErrorCode.LIMIT_EXCEEDED, e.getMessage(), this, null);
        }
    }

    @Override
    public void onPing(ByteBuffer payload) {
        outbox.pong(Frame.of(Frame.Opcode.PONG, payload));
        outbox.flush();
    }

    @Override
    public void onPong(ByteBuffer payload) {
        // A sign of life like any other: onReadComplete notes it.
    }

    @Override
    public void onReadComplete() {
        lastRead = System.nanoTime();
        if (relayed) {
            relayed = false;
            engine.flushAll();
        }
    }

    @Override
    public void onError(Throwable cause) {
        engine.events.error(ErrorCode.READ_FAILED, "the connection failed while reading", this, cause);
    }

    @Override
    public void onClose(CloseStatus status) {
        synchronized (this) {
            if (gone) {
                return;
            }
            gone = true;
            outbox.closed();
            Set<String> ended = Set.copyOf(subscriptions.keySet());
            subscriptions.values().forEach(engine.topics::remove);
            subscriptions.clear();
            engine.events.disconnected(this, ended, status);
            engine.registry.remove(this);
        }
        // The last read may have brought messages whose end was never told.
        if (relayed) {
            engine.flushAll();
        }
    }

    // --- what the rest of the engine calls

    void onOverflow(OverflowPolicy policy) {
        engine.events.error(ErrorCode.OUTBOX_OVERFLOW, "the outbox is full: " + policy, this, null);
    }

    void onWriteFailed(Throwable cause) {
        if (!isGone()) {
            engine.events.error(ErrorCode.WRITE_FAILED, "the connection failed while writing", this, cause);
            connection.abort();
        }
    }

    /** Looks whether something is overdue; called by the housekeeper alone. */
    void check(long now, Heartbeat heartbeat) {
        if (outbox.closeOverdue(now)) {
            connection.abort();
        } else if (outbox.writeOverdue(now)) {
            engine.events.error(ErrorCode.WRITE_FAILED, "a write made no end in time", this, null);
            connection.abort();
        } else if (heartbeat != null && outbox.isOpen()) {
            boolean heldBack = inbox != null && inbox.isPaused();
            switch (pulse.check(now, lastRead, heartbeat, heldBack)) {
                case PING -> {
                    if (outbox.ping()) {
                        pulse.pinged(now);
                        outbox.flush();
                    }
                }
                case DEAD -> {
                    engine.events.error(ErrorCode.HEARTBEAT_FAILED, "silent past the heartbeat timeout", this, null);
                    connection.abort();
                }
                case FINE -> {}
            }
        }
    }

    void abort() {
        connection.abort();
    }

    synchronized boolean cancel(TopicSubscription subscription) {
        if (!subscriptions.remove(subscription.topic(), subscription)) {
            return false;
        }
        engine.topics.remove(subscription);
        engine.events.unsubscribed(this, subscription.topic());
        return true;
    }

    private synchronized boolean isGone() {
        return gone;
    }

    // --- what the application sees

    @Override
    public String id() {
        return id;
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
        return connectedAt;
    }

    @Override
    public Map<String, Object> attributes() {
        return attributes;
    }

    @Override
    public synchronized List<Subscription> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    @Override
    public synchronized Optional<Subscription> subscribe(String topic) {
        Topics.check(topic, engine.settings.limits());
        if (gone) {
            return Optional.empty();
        }
        TopicSubscription existing = subscriptions.get(topic);
        if (existing != null) {
            return Optional.of(existing);
        }
        if (subscriptions.size() >= engine.settings.limits().maxTopics()) {
            throw new IllegalStateException(
                    "a client subscribes to at most " + engine.settings.limits().maxTopics() + " topics");
        }
        TopicSubscription subscription = new TopicSubscription(this, topic);
        subscriptions.put(topic, subscription);
        engine.topics.add(subscription);
        engine.events.subscribed(this, topic);
        return Optional.of(subscription);
    }

    @Override
    public boolean unsubscribe(String topic) {
        TopicSubscription subscription;
        synchronized (this) {
            subscription = subscriptions.get(Objects.requireNonNull(topic, "topic"));
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
            outbox.flush();
        }
    }

    @Override
    public boolean isOpen() {
        return outbox.isOpen();
    }

    @Override
    public String toString() {
        return "Client[" + id + "]";
    }
}
