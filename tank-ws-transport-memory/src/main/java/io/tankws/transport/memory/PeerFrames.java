package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** The frames that a peer has sent and the server has not read. */
final class PeerFrames {
    private static final int MAX_FRAMES = 1024;
    private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Queue<Entry> entries = new ArrayDeque<>();
    private boolean paused;
    private boolean unstoppable;
    private boolean gone;
    private boolean closed;

    /** A frame; a close frame is one with a status. */
    record Entry(int opcode, boolean fin, byte[] payload, CloseStatus status) {}

    /** Waits for room. */
    synchronized void put(Entry entry) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SEND_NANOS;
        while (!closed && !gone && entries.size() == MAX_FRAMES) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("the server does not read");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (closed || gone) {
            throw new IOException("the connection is closed");
        }
        entries.add(entry);
    }

    /** Returns {@code null} if there is none or reading is paused. */
    synchronized Entry poll() {
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
        paused = pause && !unstoppable;
    }

    /** From now on reads whatever comes: a closing peer's answer is behind what it sent before. */
    synchronized void resumeForGood() {
        unstoppable = true;
        paused = false;
    }

    /** The peer sends nothing more. */
    synchronized void end() {
        gone = true;
        notifyAll();
    }

    synchronized boolean isEnded() {
        return gone;
    }

    /** The server reads nothing more. */
    synchronized void close() {
        closed = true;
        entries.clear();
        notifyAll();
    }
}
