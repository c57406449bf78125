package io.tankws.core.support;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection that records its writes. Each write ends at once or when the test ends it. Thread-safe. */
public class FakeConnection implements Connection {
    public final List<List<Frame>> writes = new ArrayList<>();
    public final List<CloseStatus> closes = new ArrayList<>();
    public final List<String> reading = new ArrayList<>();
    public volatile boolean takesAtOnce = true;
    public boolean hasUnread;
    public int aborts;
    private WriteCallback waiting;

    @Override
    public synchronized boolean write(List<Frame> frames, WriteCallback callback) {
        if (waiting != null) {
            throw new AssertionError("two writes in flight");
        }
        writes.add(frames);
        waiting = takesAtOnce ? null : callback;
        return takesAtOnce;
    }

    public void take(Throwable failure) {
        WriteCallback callback;
        synchronized (this) {
            callback = waiting;
            waiting = null;
        }
        callback.onWritten(failure);
    }

    /** Returns all texts and control frames that have been written. */
    public synchronized List<String> written() {
        return writes.stream().flatMap(List::stream).map(FakeConnection::show).toList();
    }

    private static String show(Frame frame) {
        return frame.opcode() == Frame.Opcode.TEXT
                ? StandardCharsets.UTF_8.decode(frame.payload()).toString()
                : frame.opcode().toString();
    }

    @Override
    public void close(CloseStatus status) {
        closes.add(status);
    }

    @Override
    public void abort() {
        aborts++;
    }

    public synchronized boolean isWriting() {
        return waiting != null;
    }

    @Override
    public synchronized void pauseReading() {
        reading.add("pause");
    }

    @Override
    public boolean hasPendingInput() {
        return hasUnread;
    }

    @Override
    public synchronized void resumeReading() {
        reading.add("resume");
    }
}
