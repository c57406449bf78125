package io.tankws.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A socket that counts the bytes of an incomplete request head. When it waits for the rest of the head, these bytes are
 * taken from the {@link RequestHeadBudget}. With TLS, the bytes of the TLS handshake and of the encrypted head are
 * counted.
 */
final class RequestHeadEndPoint extends SocketChannelEndPoint {
    private final RequestHeadBudget budget;

    /** The check of the request line; {@code null} with TLS, where the bytes are encrypted at this point. */
    private final @Nullable RequestLineChecker checker;

    /** {@code true} if a request head is expected. On an upgraded connection it is not, and no read takes the lock. */
    private volatile boolean inHead = true;

    /** The bytes of the current head that have come. */
    private int received;

    /** The bytes that have been taken from the budget. */
    private int reserved;

    RequestHeadEndPoint(
            SocketChannel socket,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            RequestHeadBudget budget,
            @Nullable RequestLineChecker checker) {
        super(socket, selector, key, scheduler);
        this.budget = budget;
        this.checker = checker;
    }

    /** Returns the socket beneath the layers of an end point, or {@code null} if it is not of this class. */
    static @Nullable RequestHeadEndPoint of(EndPoint endPoint) {
        EndPoint innermost = endPoint;
        while (innermost instanceof EndPoint.Wrapper wrapper) {
            innermost = wrapper.unwrap();
        }
        return innermost instanceof RequestHeadEndPoint socket ? socket : null;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (inHead && filled > 0) {
            if (checker != null) {
                checker.check(buffer, filled);
            }
            received += filled;
        }
        return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
        boolean exhausted = !isWithinBudget();
        super.fillInterested(callback);
        if (exhausted) {
            close();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        boolean exhausted = !isWithinBudget();
        boolean result = super.tryFillInterested(callback);
        if (exhausted) {
            close();
        }
        return result;
    }

    private boolean isWithinBudget() {
        return !inHead || reserve();
    }

    private synchronized boolean reserve() {
        if (!inHead || received == reserved) {
            return true;
        }
        if (!budget.take(received - reserved)) {
            return false;
        }
        reserved = received;
        return true;
    }

    /** Begins to count, because a request head is expected next. */
    synchronized void requestHeadBegins() {
        inHead = true;
    }

    /** Ends counting and releases the bytes, because the head is complete or the socket is closed. */
    synchronized void requestHeadEnds() {
        inHead = false;
        budget.give(reserved);
        reserved = 0;
        received = 0;
    }

    @Override
    public void onClose(Throwable cause) {
        try {
            super.onClose(cause);
        } finally {
            requestHeadEnds();
        }
    }
}
