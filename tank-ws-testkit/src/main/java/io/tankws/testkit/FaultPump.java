package io.tankws.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Carries one direction of one connection of a {@link FaultProxy}, with its fault. */
final class FaultPump implements Runnable {
    /** So soon a fault that is switched on takes effect, though nothing is sent. */
    private static final int TURN_MILLIS = 5;

    private final Socket from;
    private final Socket to;
    private final Supplier<Fault> fault;
    private final Runnable whenDone;
    private final byte[] buffer = new byte[Fault.none().sliceBytes()];
    private long passed;

    /**
     * Makes one.
     *
     * @param whenDone called once nothing can pass any more, not where that is a secret
     */
    FaultPump(Socket from, Socket to, Supplier<Fault> fault, Runnable whenDone) throws IOException {
        this.from = from;
        this.to = to;
        this.fault = fault;
        this.whenDone = whenDone;
        from.setSoTimeout(TURN_MILLIS);
    }

    @Override
    public void run() {
        try {
            if (pump()) {
                to.shutdownOutput();
            } else if (!end()) {
                return;
            }
        } catch (IOException e) {
            // One side is gone: the other shall know.
            close(from);
            close(to);
        }
        whenDone.run();
    }

    /** Returns whether the sender came to its end; if not, the fault did. */
    private boolean pump() throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        while (!hasEnded(fault.get())) {
            Fault current = fault.get();
            int count = read(in, (int) Math.min(current.sliceBytes(), current.bytes() - passed));
            if (count < 0) {
                return true;
            }
            wait(fault.get(), count);
            // What was under way when the fault was switched on is subject to it.
            int let = (int) Math.max(0, Math.min(count, fault.get().bytes() - passed));
            out.write(buffer, 0, let);
            passed += let;
        }
        return false;
    }

    private boolean hasEnded(Fault current) {
        return current.end() != Fault.End.NONE && passed >= current.bytes();
    }

    private int read(InputStream in, int most) throws IOException {
        try {
            return in.read(buffer, 0, Math.min(most, buffer.length));
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    private static void wait(Fault fault, int bytes) {
        if (bytes > 0) {
            LockSupport.parkNanos(fault.delay().toNanos());
            if (fault.bytesPerSecond() < Integer.MAX_VALUE) {
                LockSupport.parkNanos(bytes * 1_000_000_000L / fault.bytesPerSecond());
            }
        }
    }

    /** Returns whether anybody may know. */
    private boolean end() throws IOException {
        switch (fault.get().end()) {
            case BLACK_HOLE -> {
                swallow();
                return false;
            }
            case HALF_CLOSE -> {
                to.shutdownOutput();
                swallow();
            }
            case RESET -> {
                from.setSoLinger(true, 0);
                to.setSoLinger(true, 0);
                close(from);
                close(to);
            }
            default -> {
                close(from);
                close(to);
            }
        }
        return true;
    }

    /** So that the sender does not notice. */
    private void swallow() {
        try {
            InputStream in = from.getInputStream();
            while (read(in, buffer.length) >= 0) {
                // Gone.
            }
        } catch (IOException e) {
            // So is the sender.
        }
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was gone.
        }
    }
}
