package io.tankws.core;

import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import java.nio.ByteBuffer;

/** What the transport calls: turns what comes in from one client into commands, messages and signs of life. */
final class Receiver implements ConnectionListener {
    private final Engine engine;
    private final ClientSession session;

    private Outbox outbox;
    /** {@code null} where messages are relayed. */
    private Inbox inbox;
    /** Whether this read has brought messages that wait in outboxes for its end. */
    private boolean relayed;

    private volatile long lastRead = System.nanoTime();

    Receiver(Engine engine, ClientSession session) {
        this.engine = engine;
        this.session = session;
    }

    @Override
    public void onOpen(Connection connection) {
        if (engine.settings.handler() != null) {
            inbox = new Inbox(session, connection, engine);
        }
        outbox = session.open(connection);
        outbox.flush();
        engine.onOpened(session);
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
            case SUBSCRIBE -> command(() -> session.subscribe(command.topic()));
            case UNSUBSCRIBE ->
                command(() -> session.unsubscribe(Topics.check(command.topic(), engine.settings.limits())));
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
            engine.enqueue(message, session);
            relayed = true;
        }
    }

    /** A client's own mistake is reported, never thrown at its transport. */
    private void command(Runnable command) {
        try {
            command.run();
        } catch (IllegalArgumentException e) {
            engine.events.error(ErrorCode.INVALID_TOPIC, e.getMessage(), session, null);
        } catch (IllegalStateException e) {
            engine.events.error(ErrorCode.LIMIT_EXCEEDED, e.getMessage(), session, null);
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
        flushRelayed();
    }

    @Override
    public void onError(Throwable cause) {
        engine.events.error(ErrorCode.READ_FAILED, "the connection failed while reading", session, cause);
    }

    @Override
    public void onPeerClose(Connection connection, CloseStatus status) {
        outbox.peerClosed();
        if (inbox == null) {
            session.answerClose();
        } else {
            // What the peer has sent is handled, and answered, before it is let go.
            inbox.whenIdle(session::answerClose);
        }
    }

    @Override
    public void onClose(CloseStatus status) {
        session.closed(status);
        // The last read may have brought messages whose end was never told.
        flushRelayed();
    }

    private void flushRelayed() {
        if (relayed) {
            relayed = false;
            engine.flushAll();
        }
    }

    /** When the client was last heard. */
    long lastRead() {
        return lastRead;
    }

    /** Whether we do not read from the client, so that it cannot be heard. */
    boolean isHeldBack() {
        return inbox != null && inbox.isPaused();
    }
}
