package io.tankws.core.session;

import io.tankws.BinaryRelay;
import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Frame;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.concurrent.TokenBucket;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.protocol.ClientProtocol;
import io.tankws.core.routing.AudienceWalk;
import io.tankws.core.routing.TopicNames;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.support.RunningTime;
import io.tankws.spi.support.ValidatedText;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The handler of input from one client, called by the transport. It turns input into commands, messages and signs of
 * life.
 */
public final class InboundHandler implements ConnectionListener {
    private static final String NOT_RELAYED =
            "a binary message was not relayed because it is not UTF-8; to relay binary"
                    + " messages as they are, build the manager with binaryRelay(BinaryRelay.AS_BINARY)";

    private final ClientSession session;

    @SuppressWarnings("NullAway.Init") // set by onOpen
    private Connection connection;

    /** Inbox of the message handler, or {@code null} if messages are relayed. */
    private @Nullable Inbox inbox;
    /** Relay, or {@code null} before the first relayed message. */
    private volatile @Nullable Relay relay;
    /** Gate of the topic authorizer, or {@code null} before the first subscription that it decides on. */
    private volatile @Nullable InputGate gate;
    /** Bucket of allowed messages, or {@code null} without a bound. */
    private final @Nullable TokenBucket bucket;

    private volatile long lastRead = RunningTime.nanoTime();
    private volatile boolean ignoring;

    InboundHandler(ClientSession session) {
        this.session = session;
        int perSecond = session.limits().messagesPerSecond();
        bucket = perSecond == Limits.UNLIMITED
                ? null
                : new TokenBucket(perSecond, RunningTime.nanoTime(), RunningTime.gaps());
    }

    /** Ignores later input. Its arrival is still a sign of life. */
    void ignoreInput() {
        ignoring = true;
    }

    /** Returns whether a message or ping is within the allowed rate. The first one above it closes the connection. */
    private boolean admits() {
        if (ignoring) {
            return false;
        }
        if (bucket == null || bucket.take(RunningTime.nanoTime(), RunningTime.gaps())) {
            return true;
        }
        String reason = "more than " + session.limits().messagesPerSecond() + " messages a second";
        session.context.events().error(ErrorCode.LIMIT_EXCEEDED, reason, session, null);
        session.close(CloseStatus.POLICY_VIOLATION.withReason(reason));
        return false;
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
        if (session.context.config().handler() != null) {
            inbox = new Inbox(session, opened, session.context);
        }
        session.open(opened).flush();
        session.context.shutdown().onOpened(session);
        if (session.permit.isClosing()) {
            // Another connection replaced this one before it was open.
            session.close(CloseStatus.REPLACED);
        }
    }

    @Override
    public void onOpenFailed(Throwable cause) {
        session.neverOpened();
        session.context.counters().refused.increment();
        session.context.events().error(ErrorCode.UPGRADE_FAILED, "the peer left during the handshake", null, cause);
    }

    @Override
    public void onText(ByteBuffer utf8) {
        if (!admits()) {
            return;
        }
        session.context.counters().received.increment();
        ClientProtocol.Command command = session.context.protocol().parse(utf8);
        switch (command.kind()) {
            case SUBSCRIBE -> subscribe(command.topic());
            case UNSUBSCRIBE -> inOrder(() -> unsubscribe(command.topic()));
            case MESSAGE -> handle(ValidatedText.of(utf8));
            case HEARTBEAT -> {
                // The arrival of the heartbeat is its only content.
            }
        }
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        if (!admits()) {
            return;
        }
        session.context.counters().received.increment();
        if (inbox == null && session.context.config().binaryRelay() == BinaryRelay.AS_TEXT) {
            relayAsText(payload);
        } else {
            handle(Message.binary(payload));
        }
    }

    private void relayAsText(ByteBuffer payload) {
        Message.Text text;
        try {
            text = Message.text(payload);
        } catch (IllegalArgumentException notUtf8) {
            notRelayed();
            return;
        }
        handle(text);
    }

    /** Counts and reports a binary message that is not relayed because it is not UTF-8. */
    private void notRelayed() {
        ClientRegistry registry = session.context.registry();
        boolean listed = registry.find(session.number()) != null;
        int receivers = registry.size() - (listed ? 1 : 0);
        session.context.counters().offered.add(receivers);
        session.context.counters().dropped(DropReason.NOT_TEXT, receivers);
        session.context.events().error(ErrorCode.SERIALIZATION_FAILED, NOT_RELAYED, session, null);
    }

    private void handle(Message message) {
        if (gate == null || !gate.holds(() -> deliver(message))) {
            deliver(message);
        }
    }

    private void deliver(Message message) {
        if (inbox != null) {
            inbox.offer(message);
        } else {
            relay().add(message);
        }
    }

    private Relay relay() {
        if (relay == null) {
            relay = new Relay(session, connection);
        }
        return relay;
    }

    /** Handles input after earlier input. The input may wait for a decision of the topic authorizer. */
    private void inOrder(Runnable input) {
        if (gate == null || !gate.holds(input)) {
            input.run();
        }
    }

    private void subscribe(String topic) {
        TopicAuthorization authorization = session.context.authorization();
        if (authorization == null) {
            command(() -> session.subscribe(topic).isPresent());
            return;
        }
        InputGate current = gate;
        if (current == null) {
            current = new InputGate(this, session, authorization, inbox != null ? inbox.reading() : relay().reading());
            gate = current;
        }
        current.subscribe(topic);
    }

    private void unsubscribe(String topic) {
        command(() -> session.unsubscribe(TopicNames.check(topic, session.limits())));
    }

    /**
     * Runs a command and returns its result. Reports a mistake of the client, which must not be thrown at the
     * transport.
     */
    boolean command(BooleanSupplier command) {
        try {
            return command.getAsBoolean();
        } catch (IllegalArgumentException e) {
            session.context.events().error(ErrorCode.INVALID_TOPIC, String.valueOf(e.getMessage()), session, null);
        } catch (IllegalStateException e) {
            session.context.events().error(ErrorCode.LIMIT_EXCEEDED, String.valueOf(e.getMessage()), session, null);
        }
        return false;
    }

    /** Sends the relayed messages that have been collected. Called by the thread that handles input. */
    void flushRelay() {
        if (relay != null) {
            relay.flush();
        }
    }

    /** Marks a pending subscription to a topic as revoked, or returns {@code null} if there is none. */
    InputGate.@Nullable PendingSubscription revoke(String topic) {
        InputGate current = gate;
        return current == null ? null : current.revoke(topic);
    }

    @Override
    public void onPing(ByteBuffer payload) {
        if (admits()) {
            session.outbox.pong(Frame.of(Frame.Opcode.PONG, payload));
            session.outbox.flush();
        }
    }

    @Override
    public void onPong(ByteBuffer payload) {
        // A pong is a sign of life, which onReadComplete records.
    }

    @Override
    public void onReadComplete() {
        lastRead = RunningTime.nanoTime();
        if (gate == null || !gate.isClosed()) {
            flushRelay();
        }
    }

    @Override
    public void onError(Throwable cause) {
        session.context.events().error(ErrorCode.READ_FAILED, "the connection failed while reading", session, cause);
    }

    @Override
    public void onPeerClose(Connection connection, CloseStatus status) {
        session.outbox.peerClosed();
        session.onClosing();
        endDecisions();
        inOrder(this::answerClose);
    }

    private void answerClose() {
        if (inbox == null) {
            sendCloseReply();
        } else {
            // The messages of the peer are handled and answered before the close reply.
            inbox.whenIdle(this::sendCloseReply);
        }
    }

    /** Replies to the close frame of the peer after all queued messages have left. */
    private void sendCloseReply() {
        session.outbox.close(CloseStatus.NORMAL);
        session.outbox.flush();
    }

    private void endDecisions() {
        if (gate != null) {
            gate.end();
        }
    }

    @Override
    public void onClose(CloseStatus status) {
        if (session.outbox == null) {
            // The opening failed, for instance for lack of memory, and the transport has ended the connection.
            session.neverOpened();
            return;
        }
        session.closed(status);
        endDecisions();
        inOrder(this::endInput);
    }

    private void endInput() {
        // The last read may have delivered messages without a call of onReadComplete.
        if (relay != null) {
            AudienceWalk.afterwards(relay::close);
        } else if (inbox != null) {
            session.context.flow().departed(inbox);
        }
    }

    /** Returns the time of the last input. */
    long lastRead() {
        return lastRead;
    }

    /** Returns whether reading from the client is paused. */
    public boolean isHeldBack() {
        Relay current = relay;
        return inbox != null ? inbox.isPaused() : current != null && current.isHeld();
    }

    /** Returns the outboxes that the messages of the handler have filled, or {@code null} if messages are relayed. */
    public @Nullable FilledOutboxes reach() {
        return inbox == null ? null : inbox.reach();
    }
}
