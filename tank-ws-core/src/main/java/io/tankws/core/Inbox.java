package io.tankws.core;

import io.tankws.ErrorCode;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.MessageHandler;
import io.tankws.spi.Connection;
import java.util.ArrayDeque;

/**
 * What one client has sent and its handler has not yet seen. Full, it stops reading the client's socket, so that the
 * peer is held back by TCP and nothing is lost.
 */
final class Inbox implements Runnable {
    /** After so many messages the thread is given back, so that one client cannot keep it. */
    private static final int MESSAGES_PER_TURN = 64;

    private final ClientSession session;
    private final Connection connection;
    private final MessageHandler handler;
    private final Callbacks callbacks;
    private final Limits limits;
    private final Events events;

    private final ArrayDeque<Message> queue = new ArrayDeque<>(4);
    private int bytes;
    private boolean running;
    /** What reading should be, and what it is; one thread at a time makes the second the first. */
    private boolean pauseWanted;

    private boolean paused;
    private boolean switching;
    private Runnable idleTask;

    Inbox(ClientSession session, Connection connection, Engine engine) {
        this.session = session;
        this.connection = connection;
        handler = engine.settings.handler();
        callbacks = engine.handlers;
        limits = session.limits();
        events = engine.events;
    }

    /** Always takes the message: what was read before the pause took effect is at most one read buffer. */
    void offer(Message message) {
        boolean start;
        synchronized (this) {
            queue.add(message);
            bytes += message.size();
            start = !running;
            running = true;
            pauseWanted |= queue.size() >= limits.inboxMessages() || bytes >= limits.inboxBytes();
        }
        switchReading();
        if (start) {
            callbacks.execute(this);
        }
    }

    /** Runs a task once all messages have been handled, now if there are none. */
    void whenIdle(Runnable task) {
        synchronized (this) {
            if (running) {
                idleTask = task;
                return;
            }
        }
        task.run();
    }

    /** Tells whether the peer is held back: then its silence means nothing. */
    synchronized boolean isPaused() {
        return paused || pauseWanted;
    }

    @Override
    public void run() {
        for (int i = 0; i < MESSAGES_PER_TURN; i++) {
            Message message = next();
            if (message == null) {
                return;
            }
            switchReading();
            try {
                handler.onMessage(session, message);
            } catch (Throwable e) {
                events.error(ErrorCode.HANDLER_FAILED, "the message handler threw", session, e);
            }
        }
        callbacks.execute(this);
    }

    /** Returns {@code null} if there is none; then this run is over, and what waited for that is run. */
    private Message next() {
        Runnable task;
        synchronized (this) {
            Message message = queue.poll();
            if (message != null) {
                bytes -= message.size();
                pauseWanted &= queue.size() > limits.inboxMessages() / 2 || bytes > limits.inboxBytes() / 2;
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

    /** Not under the lock: a transport may hand over what it had read before it returns. */
    private void switchReading() {
        while (true) {
            boolean pause;
            synchronized (this) {
                if (switching || pauseWanted == paused) {
                    return;
                }
                switching = true;
                pause = pauseWanted;
            }
            if (pause) {
                connection.pauseReading();
            } else {
                connection.resumeReading();
            }
            synchronized (this) {
                paused = pause;
                switching = false;
            }
        }
    }
}
