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

/**
 * A socket that knows how much of an incomplete request head it has brought. When it goes on to wait for the rest, these
 * bytes are taken from the {@link RequestHeadBudget}; with TLS they are those of the TLS handshake and the encrypted head.
 */
final class RequestHeadEndPoint extends SocketChannelEndPoint {
    private final RequestHeadBudget budget;
    /** {@code null} with TLS, where the bytes are encrypted here. */
    private final RequestLineChecker guard;
    /** Most of a connection's life it is not, and then no read takes the lock. */
    private volatile boolean inHead = true;

    private int received;
    private int held;

    RequestHeadEndPoint(
            SocketChannel socket,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            RequestHeadBudget budget,
            RequestLineChecker guard) {
        super(socket, selector, key, scheduler);
        this.budget = budget;
        this.guard = guard;
    }

    /** Returns the socket under the layers of an end point, {@code null} if it is not of this kind. */
    static RequestHeadEndPoint of(EndPoint endPoint) {
        EndPoint inmost = endPoint;
        while (inmost instanceof EndPoint.Wrapper wrapper) {
            inmost = wrapper.unwrap();
        }
        return inmost instanceof RequestHeadEndPoint ours ? ours : null;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (guard != null) {
            guard.check(buffer, filled);
        }
        if (inHead && filled > 0) {
            received += filled;
        }
        return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
        boolean refused = !isAffordable();
        super.fillInterested(callback);
        if (refused) {
            close();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        boolean refused = !isAffordable();
        boolean result = super.tryFillInterested(callback);
        if (refused) {
            close();
        }
        return result;
    }

    private boolean isAffordable() {
        return !inHead || holdsAll();
    }

    private synchronized boolean holdsAll() {
        if (!inHead || received == held) {
            return true;
        }
        if (!budget.take(received - held)) {
            return false;
        }
        held = received;
        return true;
    }

    /** A request head is expected next. */
    synchronized void headBegins() {
        inHead = true;
    }

    /** No request head is expected any more, since it is complete or the socket is closed. */
    synchronized void headEnds() {
        inHead = false;
        budget.give(held);
        held = 0;
        received = 0;
    }

    @Override
    public void onClose(Throwable cause) {
        try {
            super.onClose(cause);
        } finally {
            headEnds();
        }
    }
}
