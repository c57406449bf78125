package io.tankws.core.session;

import io.tankws.BinaryRelay;
import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Frame;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.TopicAction;
import io.tankws.TopicDecision;
import io.tankws.TopicRequest;
import io.tankws.core.authorization.Verdict;
import io.tankws.core.concurrent.TokenBucket;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.flow.ReadSwitch;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.routing.AudienceWalk;
import io.tankws.core.routing.TopicNames;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionEnding;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import io.tankws.spi.support.ValidatedText;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of input from one client, called by the transport. It turns input into commands, messages and signs of
 * life.
 *
 * <p>This file is longer than 400 lines because it is the one listener of a connection, for all kinds of input.
 */
public final class InboundHandler implements ConnectionListener {
    private static final String NOT_RELAYED =
            "a binary message was not relayed because it is not UTF-8; to relay binary"
                    + " messages as they are, build the manager with binaryRelay(BinaryRelay.AS_BINARY)";

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private final ClientSession session;

    @SuppressWarnings("NullAway.Init") // set by onOpen
    private Connection connection;

    /** Inbox of the message handler, or {@code null} if messages are relayed. */
    private @Nullable Inbox inbox;
    /** Relay, or {@code null} before the first relayed message. */
    private volatile @Nullable Relay relay;
    /** Gate, or {@code null} before the first command that may take time. */
    private volatile @Nullable InputGate gate;
    /** Switch of reading on routes of other protocols, or {@code null} if inbox or relay have it. */
    private volatile @Nullable ReadSwitch reading;
    /** Pending decisions, or {@code null} before the first one. */
    private volatile @Nullable TopicDecisions decisions;
    /** Bucket of allowed messages, or {@code null} without a bound. */
    private volatile @Nullable TokenBucket bucket;

    private volatile long lastRead = RunningTime.nanoTime();
    private volatile boolean ignoring;

    InboundHandler(ClientSession session) {
        this.session = session;
        limit(session.limits());
    }

    /** Begins to count messages by limits. */
    void limit(ClientLimits limits) {
        int perSecond = limits.messagesPerSecond();
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
        TokenBucket current = bucket;
        if (current == null || current.take(RunningTime.nanoTime(), RunningTime.gaps())) {
            return true;
        }
        String reason = "more than " + session.limits().messagesPerSecond() + " messages a second";
        session.context.events().error(ErrorCode.LIMIT_EXCEEDED, reason, session, null);
        session.close(ConnectionEnding.TOO_MANY_MESSAGES, CloseStatus.POLICY_VIOLATION.withReason(reason));
        return false;
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
        if (session.context.config().handler() != null) {
            inbox = new Inbox(session, opened, session.context);
        }
        session.open(opened).flush();
        if (session.link != null) {
            session.link.open();
            session.outbox.flush();
        }
        session.context.shutdown().onOpened(session);
        if (session.permit.isClosing()) {
            // Another connection replaced this one before it was open.
            session.close(ConnectionEnding.REPLACED, CloseStatus.REPLACED);
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
        ProtocolLink link = session.link;
        if (link != null) {
            pass(utf8, link::onText);
            return;
        }
        PlainProtocol.Command command = session.context.protocol().parse(utf8);
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
        ProtocolLink link = session.link;
        if (link != null) {
            pass(payload, link::onBinary);
        } else if (inbox == null && session.context.config().binaryRelay() == BinaryRelay.AS_TEXT) {
            relayAsText(payload);
        } else {
            handle(Message.binary(payload));
        }
    }

    /** Passes a message to the session of a protocol, after earlier input. The transport reuses the buffer. */
    private void pass(ByteBuffer message, Consumer<ByteBuffer> receiver) {
        InputGate current = gate;
        if (current == null || !current.isClosed()) {
            receiver.accept(message);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message).flip();
        inOrder(() -> receiver.accept(copy));
    }

    /** Passes a message to the handler of the application. Returns {@code false} if there is none. */
    boolean offer(Message message) {
        if (inbox != null) {
            inbox.offer(message);
        }
        return inbox != null;
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
        if (session.context.needsDecision(topic)) {
            gate().run(() -> authorize(topic));
        } else {
            inOrder(() -> command(() -> session.subscribe(topic).isPresent()));
        }
    }

    /** Subscribes the client if the topic authorizer allows it. Returns {@code null} if nothing is to be decided. */
    private @Nullable CompletionStage<?> authorize(String topic) {
        if (!session.isOpen() || !command(() -> session.needsSubscription(topic))) {
            return null;
        }
        // Relayed messages that came before leave before.
        flushInput();
        CompletableFuture<Void> done = new CompletableFuture<>();
        decisions().ask(new TopicRequest(session, TopicAction.SUBSCRIBE, topic), (decision, verdict) -> {
            apply(decision, verdict);
            return () -> done.complete(null);
        });
        return done;
    }

    private void apply(PendingDecision decision, Verdict verdict) {
        try {
            if (session.isOpen()) {
                Verdict last = verdict.permission() == null ? verdict : subscribe(decision, verdict);
                // The connection may have ended in the meantime, which denies nothing.
                if (!last.isAllowed() && session.isOpen()) {
                    TopicDenials.report(session, decision.request, last);
                }
            }
        } catch (RuntimeException | Error e) {
            FAILURES.report("a decision on a subscription was lost", e);
        }
    }

    private Verdict subscribe(PendingDecision decision, Verdict verdict) {
        try {
            TopicDecision.Allowed permission = Objects.requireNonNull(verdict.permission());
            return session.subscribe(decision, permission) ? verdict : Verdict.REVOKED;
        } catch (IllegalStateException e) {
            // The application has subscribed the client to other topics in the meantime.
            return Verdict.denied(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the gate. Called by the thread that handles input, or before there is input. */
    InputGate gate() {
        InputGate current = gate;
        if (current == null) {
            current = new InputGate(this, reading());
            gate = current;
        }
        return current;
    }

    private ReadSwitch reading() {
        if (inbox != null) {
            return inbox.reading();
        }
        if (session.link == null) {
            return relay().reading();
        }
        ReadSwitch created = new ReadSwitch(connection);
        reading = created;
        return created;
    }

    /** Returns the pending decisions of the client. */
    TopicDecisions decisions() {
        TopicDecisions current = decisions;
        if (current != null) {
            return current;
        }
        synchronized (this) {
            if (decisions == null) {
                decisions = new TopicDecisions(Objects.requireNonNull(session.context.authorization()));
            }
            return decisions;
        }
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

    /** Writes the replies of a protocol. */
    void flushReplies() {
        if (session.link != null) {
            session.outbox.flush();
        }
    }

    /** Sends what the handled input has caused. Called by the thread that handles input. */
    void flushInput() {
        if (relay != null) {
            relay.flush();
        }
        if (session.link != null) {
            session.link.onReadComplete();
        }
    }

    /** Marks the pending subscriptions to a topic as revoked. Called under the lock of the session. */
    List<PendingDecision> revoke(String topic) {
        TopicDecisions current = decisions;
        return current == null ? List.of() : current.revoke(topic);
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
            flushInput();
        } else {
            flushReplies();
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
        if (decisions != null) {
            decisions.end();
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
        if (session.link == null) {
            inOrder(this::endInput);
        } else {
            // A command of a protocol need not complete, and commands that wait do not run.
            session.link.onClose(status);
            endInput();
        }
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
        ReadSwitch other = reading;
        return inbox != null
                ? inbox.isPaused()
                : current != null && current.isHeld() || other != null && other.isPaused();
    }

    /** Returns the outboxes that the messages of the handler have filled, or {@code null} if messages are relayed. */
    public @Nullable FilledOutboxes reach() {
        return inbox == null ? null : inbox.reach();
    }
}
