package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bounded queue of the frames that a peer has sent and the server has not read. */
final class PeerFrames {
    private static final int MAX_FRAMES = 1024;
    private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Queue<Entry> entries = new ArrayDeque<>();
    private boolean paused;
    private boolean ignoresPause;
    private boolean ended;
    private boolean closed;

    /** A frame. Only a close frame has a status. */
    record Entry(
            int opcode,
            boolean fin,
            byte[] payload,
            @Nullable CloseStatus status) {}

    /** Adds a frame. Waits for room in the queue. */
    synchronized void put(Entry entry) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SEND_NANOS;
        while (!closed && !ended && entries.size() == MAX_FRAMES) {
            long remaining = deadline - System.nanoTime();
            if (remaining <= 0) {
                throw new SocketTimeoutException("the server does not read");
            }
            TimeUnit.NANOSECONDS.timedWait(this, remaining);
        }
        if (closed || ended) {
            throw new IOException("the connection is closed");
        }
        entries.add(entry);
    }

    /** Removes the next frame. Returns {@code null} if the queue is empty or reading is paused. */
    synchronized @Nullable Entry poll() {
        Entry entry = paused ? null : entries.poll();
        notifyAll();
        return entry;
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    synchronized boolean isReadable() {
        return !paused && !entries.isEmpty();
    }

    synchronized void pause(boolean pause) {
        paused = pause && !ignoresPause;
    }

    /** Resumes reading and ignores later pauses. The close reply of a peer follows the frames that it sent before. */
    synchronized void resumeForGood() {
        ignoresPause = true;
        paused = false;
    }

    /** Records that the peer has disconnected. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Records that the server has stopped reading. */
    synchronized void close() {
        closed = true;
        entries.clear();
        notifyAll();
    }
}
