package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.transport.memory.InMemoryPeer.Event;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * What the server writes and the peer has not received: a window of bytes that the peer has not read, as a socket has
 * one, and behind it the events that it has read.
 *
 * <p>A frame larger than the window goes through it piece by piece.
 */
final class ReceiveWindow {
    private static final int WINDOW_BYTES = 64 * 1024;
    private static final int EVENT_BYTES = 16 * 1024 * 1024;

    private final Queue<Item> unread = new ArrayDeque<>();
    private final Queue<Item> events = new ArrayDeque<>();
    private int unreadBytes;
    private long eventBytes;
    private boolean reading = true;
    private volatile long drained;

    private List<Frame> frames = List.of();
    private int frame;
    private int offset;
    private WriteCallback callback;

    private CloseStatus close;
    private boolean closeTaken;
    private boolean cut;

    private record Item(Event event, int bytes) {}

    void write(List<Frame> batch, WriteCallback whenTaken) {
        boolean closing;
        synchronized (this) {
            if (callback != null) {
                throw new IllegalStateException("a write is in flight");
            }
            closing = close != null || cut;
            if (!closing) {
                frames = batch;
                frame = 0;
                offset = 0;
                callback = whenTaken;
                proceed();
            }
        }
        if (closing) {
            whenTaken.onWritten(new ClosedChannelException());
        } else {
            callBack();
        }
    }

    /** Tells a write that has ended. Whoever moves the window from the peer's side leaves this to the server's. */
    void callBack() {
        WriteCallback ended;
        Throwable failure;
        synchronized (this) {
            boolean taken = frame == frames.size();
            if (!taken && !cut) {
                return;
            }
            failure = taken ? null : new ClosedChannelException();
            ended = callback;
            callback = null;
            frames = List.of();
            frame = 0;
        }
        if (ended != null) {
            ended.onWritten(failure);
        }
    }

    /** Puts a close frame behind the write in flight; only the first one counts. Returns whether this was it. */
    synchronized boolean close(CloseStatus status) {
        if (close != null || cut) {
            return false;
        }
        close = status;
        proceed();
        return true;
    }

    synchronized CloseStatus closeStatus() {
        return close;
    }

    synchronized boolean isCloseTaken() {
        return closeTaken;
    }

    /** Nothing more is written; what is in the window stays there. */
    synchronized void cut() {
        if (cut) {
            return;
        }
        cut = true;
        if (!closeTaken) {
            unread.add(new Item(new Event.Closed(CloseStatus.ABNORMAL, false), 0));
        }
        proceed();
    }

    synchronized void reading(boolean on) {
        reading = on;
        proceed();
    }

    /** Returns {@code null} if nothing comes in time. */
    synchronized Event receive(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (events.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        Item item = events.remove();
        eventBytes -= item.bytes;
        proceed();
        return item.event;
    }

    private void proceed() {
        fill();
        while (read()) {
            int before = unreadBytes;
            fill();
            drained += unreadBytes - before;
        }
    }

    /** What was taken only when the peer had made room. */
    long drained() {
        return drained;
    }

    private void fill() {
        while (!cut && frame < frames.size() && unreadBytes < WINDOW_BYTES) {
            Frame current = frames.get(frame);
            int step = Math.min(current.length() - offset, WINDOW_BYTES - unreadBytes);
            unreadBytes += step;
            offset += step;
            if (offset == current.length()) {
                Event event = new Event.Frame(current.opcode().value(), current.payload());
                unread.add(new Item(event, current.length()));
                frame++;
                offset = 0;
            }
        }
        // There is always room for a close frame: no write's timeout would end a wait for it.
        if (!cut && !closeTaken && close != null && frame == frames.size()) {
            closeTaken = true;
            unread.add(new Item(new Event.Closed(close, true), 0));
        }
    }

    /** Returns whether that made room. */
    private boolean read() {
        if (!reading || eventBytes >= EVENT_BYTES || unread.isEmpty() && unreadBytes == 0) {
            return false;
        }
        eventBytes += unreadBytes;
        unreadBytes = 0;
        events.addAll(unread);
        unread.clear();
        notifyAll();
        return true;
    }
}
