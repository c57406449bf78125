package io.tankws.core.session;

import io.tankws.Message;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PacedSender;
import io.tankws.core.flow.PieceSize;
import io.tankws.core.flow.ReadSwitch;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.spi.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relay of the messages of one client to all other clients. Messages of one read are sent in few pieces. A piece
 * costs a receiver little more than one message.
 *
 * <p>While {@link FlowControl} holds the client, its socket is not read, so that TCP slows down the peer and no
 * message is lost. Messages that were read before wait here, at most one read buffer and one piece.
 */
final class Relay extends PacedSender {
    private final ClientSession session;
    private final FlowControl flow;
    private final ReadSwitch reading;
    private final PieceSize max;

    /** Next piece, or {@code null} if it is empty. Used by the thread of the transport only. */
    private @Nullable List<Message> piece;

    private int pieceBytes;

    /** Waiting pieces, or {@code null} before the first. The lock of this object guards this field and the next. */
    private @Nullable ArrayDeque<MessageBatch> held;
    /** True if pieces wait or the last one is being sent, so that later ones must wait too. */
    private boolean holding;

    private volatile boolean closed;

    Relay(ClientSession session, Connection connection) {
        this.session = session;
        flow = session.context.flow();
        reading = new ReadSwitch(connection);
        max = session.context.pieces();
    }

    ReadSwitch reading() {
        return reading;
    }

    /** Adds a message; {@link #flush} must follow at the end of the read. */
    void add(Message message) {
        int bytes = message.frame().length();
        if (piece != null && (piece.size() >= max.messages() || pieceBytes + bytes > max.bytes())) {
            flush();
        }
        if (piece == null) {
            piece = new ArrayList<>();
        }
        piece.add(message);
        pieceBytes += bytes;
    }

    /** Sends the added messages, or keeps them until they may be sent. */
    void flush() {
        if (piece != null) {
            MessageBatch batch = MessageBatch.of(piece);
            piece = null;
            pieceBytes = 0;
            if (!hold(batch, false)) {
                if (flow.admits(this, batch.size(), batch.bytes)) {
                    send(batch);
                } else {
                    hold(batch, true);
                    try {
                        reading.apply();
                    } finally {
                        // The piece waits, whether the socket can be paused or not.
                        flow.await(this);
                    }
                }
            }
        }
    }

    /** Queues a piece after the waiting ones, or as the first one if requested. */
    private synchronized boolean hold(MessageBatch batch, boolean first) {
        if (first) {
            holding = true;
            reading.request(ReadSwitch.Reason.FLOW, true);
        }
        if (holding) {
            if (held == null) {
                held = new ArrayDeque<>(2);
            }
            held.add(batch);
        }
        return holding;
    }

    private void send(MessageBatch batch) {
        session.context.distributor().broadcast(batch, session, session);
    }

    /** Sends the last piece of a connection that has ended. */
    void close() {
        closed = true;
        flush();
        flow.departed(this);
    }

    /** Returns whether the client is held back, so that its silence has no meaning. */
    boolean isHeld() {
        return reading.isPaused();
    }

    @Override
    public boolean takesTurns() {
        return true;
    }

    /** Returns whether an outbox of another client is filled. Nothing goes to the own outbox. */
    @Override
    public boolean isHeldBy(FlowControl control) {
        return control.isMuchUnderWay() || control.isAnyFilledBut(session.number());
    }

    @Override
    public void proceed() {
        MessageBatch next = nextHeld();
        try {
            if (next != null) {
                send(next);
            }
        } finally {
            if (!sendHeld() && !closed) {
                reading.apply();
            }
        }
    }

    private synchronized @Nullable MessageBatch nextHeld() {
        return held == null ? null : held.poll();
    }

    /** Waits for the next turn if there are more pieces. */
    private boolean sendHeld() {
        synchronized (this) {
            if (held == null || held.isEmpty()) {
                holding = false;
                reading.request(ReadSwitch.Reason.FLOW, false);
                return false;
            }
        }
        flow.await(this);
        return true;
    }
}
