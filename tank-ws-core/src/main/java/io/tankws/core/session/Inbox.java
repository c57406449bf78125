package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.MessageHandler;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PacedSender;
import io.tankws.core.flow.ReadSwitch;
import io.tankws.spi.Connection;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of messages that a client has sent and its handler has not seen. When it is full, the socket of
 * the client is not read, so that TCP slows down the peer and no message is lost. While messages of the handler fill
 * outboxes, the handler gets no further message.
 */
public final class Inbox extends PacedSender implements Runnable {
    /** Number of messages after which the thread is released, so that one client cannot occupy it. */
    private static final int MESSAGES_PER_TURN = 64;

    private final ClientSession session;
    private final MessageHandler handler;
    private final Executor callbacks;
    private final ClientLimits limits;
    private final EventDispatcher events;
    private final FlowControl flow;
    private final ReadSwitch reading;
    private final FilledOutboxes reach = new FilledOutboxes();

    private final ArrayDeque<Message> queue = new ArrayDeque<>(4);
    private int bytes;
    private boolean running;
    private boolean paused;
    /** Task that runs when all messages are handled, or {@code null} if there is none. */
    private @Nullable Runnable idleTask;

    Inbox(ClientSession session, Connection connection, SessionContext context) {
        this(session, connection, context, context.handlers());
    }

    public Inbox(ClientSession session, Connection connection, SessionContext context, Executor callbacks) {
        this.session = session;
        this.callbacks = callbacks;
        handler = Objects.requireNonNull(context.config().handler());
        limits = session.limits();
        events = context.events();
        flow = context.flow();
        reading = new ReadSwitch(connection);
    }

    ReadSwitch reading() {
        return reading;
    }

    FilledOutboxes reach() {
        return reach;
    }

    /** Adds a message. It always fits, because at most one read buffer arrives before the pause takes effect. */
    public void offer(Message message) {
        synchronized (this) {
            queue.add(message);
            bytes += message.size();
            pause(paused || queue.size() >= limits.inboxMessages() || bytes >= limits.inboxBytes());
        }
        reading.apply();
        start();
    }

    private void start() {
        synchronized (this) {
            if (running || queue.isEmpty()) {
                return;
            }
            running = true;
        }
        launch();
    }

    private void launch() {
        boolean launched = false;
        try {
            callbacks.execute(this);
            launched = true;
        } finally {
            if (!launched) {
                // The next message tries again.
                notRunning();
            }
        }
    }

    private synchronized void notRunning() {
        running = false;
    }

    /** Runs a task after all messages have been handled, at once if there are none. */
    void whenIdle(Runnable task) {
        synchronized (this) {
            if (running || !queue.isEmpty()) {
                idleTask = task;
                return;
            }
        }
        task.run();
    }

    /** Returns whether reading is paused, so that the silence of the peer has no meaning. */
    boolean isPaused() {
        return reading.isPaused();
    }

    private void pause(boolean pause) {
        if (pause != paused) {
            paused = pause;
            reading.request(ReadSwitch.Reason.FLOW, pause);
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < MESSAGES_PER_TURN; i++) {
            if (isHeld()) {
                flow.await(this);
                return;
            }
            Message message = next();
            if (message == null) {
                return;
            }
            try {
                handle(message);
            } catch (Throwable e) {
                report(e);
            }
        }
        launch();
    }

    private void handle(Message message) throws Exception {
        try {
            reading.apply();
        } finally {
            reach.handles();
            FilledOutboxes before = FilledOutboxes.enter(reach);
            try {
                handler.onMessage(session, message);
            } finally {
                FilledOutboxes.enter(before);
            }
        }
    }

    private void report(Throwable failure) {
        try {
            events.error(ErrorCode.HANDLER_FAILED, "the message handler threw", session, failure);
        } catch (OutOfMemoryError e) {
            // For lack of memory the report is lost, but the next message must be handled.
        }
    }

    /** Returns whether the next message must wait for outboxes that the last ones have filled. */
    private boolean isHeld() {
        Message next;
        synchronized (this) {
            next = queue.peek();
        }
        return next != null && !flow.admits(this, 1, next.size());
    }

    /** Handles the messages on a callback thread. */
    @Override
    public boolean takesTurns() {
        return false;
    }

    @Override
    public boolean isHeldBy(FlowControl control) {
        return reach.isFilled(control);
    }

    @Override
    public void proceed() {
        launch();
    }

    /** Takes the next message. Returns {@code null} if there is none. The run ends then, and waiting tasks run. */
    private @Nullable Message next() {
        Runnable task;
        synchronized (this) {
            Message message = queue.poll();
            if (message != null) {
                bytes -= message.size();
                pause(paused && (queue.size() > limits.inboxMessages() / 2 || bytes > limits.inboxBytes() / 2));
                return message;
            }
            running = false;
            task = idleTask;
            idleTask = null;
        }
        if (task != null) {
            task.run();
        }
        return null;
    }
}
