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
import org.jspecify.annotations.Nullable;

/**
 * The receive window of a peer. It holds the frames that the server has written and the peer has not read, like the
 * buffers of a socket, and the events that the peer has read and not received.
 *
 * <p>A frame larger than the window passes through it in pieces.
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
    private @Nullable WriteCallback callback;

    private @Nullable CloseStatus close;
    private boolean closeTaken;
    private boolean abort;

    private record Item(Event event, int bytes) {}

    void write(List<Frame> batch, WriteCallback whenTaken) {
        boolean closing;
        synchronized (this) {
            if (callback != null) {
                throw new IllegalStateException("a write is in flight");
            }
            closing = close != null || abort;
            if (!closing) {
                frames = batch;
                frame = 0;
                offset = 0;
                callback = whenTaken;
                advance();
            }
        }
        if (closing) {
            whenTaken.onWritten(new ClosedChannelException());
        } else {
            callBack();
        }
    }

    /** Calls the callback of a write that has ended. Called by the server side only. */
    void callBack() {
        WriteCallback ended;
        Throwable failure;
        synchronized (this) {
            boolean taken = frame == frames.size();
            if (!taken && !abort) {
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

    /** Queues a close frame after the write in flight. Returns {@code false} if a close frame is queued already. */
    synchronized boolean close(CloseStatus status) {
        if (close != null || abort) {
            return false;
        }
        close = status;
        advance();
        return true;
    }

    synchronized @Nullable CloseStatus closeStatus() {
        return close;
    }

    synchronized boolean isCloseTaken() {
        return closeTaken;
    }

    /** Ends all writes. The frames in the window stay. */
    synchronized void abort() {
        if (abort) {
            return;
        }
        abort = true;
        if (!closeTaken) {
            unread.add(new Item(new Event.Closed(CloseStatus.ABNORMAL, false), 0));
        }
        advance();
    }

    synchronized void reading(boolean on) {
        reading = on;
        advance();
    }

    /** Waits for the next event. Returns {@code null} after the timeout. */
    synchronized @Nullable Event receive(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (events.isEmpty()) {
            long remaining = deadline - System.nanoTime();
            if (remaining <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, remaining);
        }
        Item item = events.remove();
        eventBytes -= item.bytes;
        advance();
        return item.event;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // guarded by the lock
    private void advance() {
        fill();
        while (read()) {
            int before = unreadBytes;
            fill();
            drained += unreadBytes - before;
        }
    }

    /** Returns the number of bytes that the window took after the peer had made room. */
    long drained() {
        return drained;
    }

    private void fill() {
        while (!abort && frame < frames.size() && unreadBytes < WINDOW_BYTES) {
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
        // A close frame always has room, because no write timeout would end its wait.
        if (!abort && !closeTaken && close != null && frame == frames.size()) {
            closeTaken = true;
            unread.add(new Item(new Event.Closed(close, true), 0));
        }
    }

    /** Moves a frame from the window to the events. Returns {@code true} if the window has room after it. */
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
