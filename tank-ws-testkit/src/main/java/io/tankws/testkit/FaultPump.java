package io.tankws.testkit;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One direction of a connection through a {@link FaultProxy}. */
final class FaultPump {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int MAX_CHUNKS = 64;

    private final FaultLink link;
    private final Socket source;
    private final Socket sink;
    private final Supplier<Fault> fault;
    private final Queue<Chunk> underWay = new ArrayDeque<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private volatile long passed;
    private volatile boolean sourceBroken;

    /** Bytes that were read and the time at which they are forwarded. Without bytes, the end of the stream. */
    private record Chunk(byte[] bytes, boolean reset, long due) {}

    FaultPump(FaultLink link, Socket source, Socket sink, Supplier<Fault> fault) {
        this.link = link;
        this.source = source;
        this.sink = sink;
        this.fault = fault;
    }

    /** Until the source has ended and everything is passed on. */
    void run() throws InterruptedException {
        boolean ended = false;
        while (!ended || !underWay.isEmpty()) {
            Chunk next = underWay.peek();
            long wait = next == null ? 0 : next.due() - System.nanoTime();
            if (next != null && (ended || wait <= 0 || underWay.size() == MAX_CHUNKS)) {
                link.pause(wait);
                pass(underWay.remove());
            } else {
                ended = !read(wait);
            }
        }
    }

    /** Returns whether there may be more. */
    private boolean read(long waitNanos) {
        int count;
        boolean reset = false;
        try {
            // 0 would be for ever, which is right only where nothing is under way.
            source.setSoTimeout(underWay.isEmpty() ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1);
            count = source.getInputStream().read(buffer);
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            count = -1;
            reset = true;
        }
        long due = System.nanoTime() + fault.get().delay().toNanos();
        underWay.add(new Chunk(Arrays.copyOf(buffer, Math.max(0, count)), reset || sourceBroken, due));
        return count >= 0;
    }

    private void pass(Chunk chunk) throws InterruptedException {
        if (chunk.bytes().length > 0) {
            pass(chunk.bytes());
        } else if (!swallowing()) {
            if (chunk.reset()) {
                link.reset();
            } else {
                shutdown();
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private void pass(byte[] bytes) throws InterruptedException {
        int offset = 0;
        while (offset < bytes.length) {
            Fault now = fault.get();
            int count = (int) Math.min(bytes.length - offset, Math.min(now.sliceBytes(), now.passing(passed)));
            if (count <= 0 || link.isOver() || sink.isOutputShutdown() || !write(bytes, offset, count)) {
                return;
            }
            offset += count;
            passed += count;
            endIfDue();
            link.pause(now.pauseNanos(count));
        }
    }

    private boolean write(byte[] bytes, int offset, int count) {
        try {
            sink.getOutputStream().write(bytes, offset, count);
            return true;
        } catch (IOException e) {
            // The receiver has reset the connection; what it sent before goes on first.
            link.breakSource(sink);
            return false;
        }
    }

    void breakSource() {
        sourceBroken = true;
    }

    /** At the last byte that may pass, not at the first that may not: that one might never come. */
    void endIfDue() {
        Fault now = fault.get();
        if (now.passing(passed) > 0) {
            return;
        }
        switch (now.end()) {
            case HALF_CLOSE -> shutdown();
            case RESET -> link.reset();
            case CLOSE -> link.cut();
            default -> {
                // A black hole is silent.
            }
        }
    }

    private boolean swallowing() {
        Fault now = fault.get();
        return now.end() == Fault.End.BLACK_HOLE && now.passing(passed) <= 0;
    }

    void shutdown() {
        try {
            sink.shutdownOutput();
        } catch (IOException e) {
            // It was gone.
        }
    }
}
