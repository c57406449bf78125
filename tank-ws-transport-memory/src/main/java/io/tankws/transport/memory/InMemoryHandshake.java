package io.tankws.transport.memory;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.ConnectionTracker;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handshake whose peer waits for the decision. */
final class InMemoryHandshake implements TransportHandshake {
    private final HandshakeRequest request;
    private final Executor executor;
    private final ConnectionTracker connections;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final CompletableFuture<InMemoryConnection> outcome = new CompletableFuture<>();

    InMemoryHandshake(HandshakeRequest request, Executor executor, ConnectionTracker connections) {
        this.request = request;
        this.executor = executor;
        this.connections = connections;
    }

    @Override
    public HandshakeRequest request() {
        return request;
    }

    @Override
    public void refuse(Refusal refusal) {
        Objects.requireNonNull(refusal, "refusal");
        decide();
        outcome.completeExceptionally(new InMemoryPeer.Refused(refusal));
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        var connection = new InMemoryConnection(acceptance, listener, executor, connections::remove);
        if (request.violation().isPresent()) {
            throw new IllegalStateException("the handshake must be valid, but was " + request);
        }
        decide();
        try {
            executor.execute(() -> open(connection, listener));
        } catch (RejectedExecutionException e) {
            outcome.completeExceptionally(new ClosedChannelException());
            listener.onOpenFailed(e);
        }
    }

    private void open(InMemoryConnection connection, ConnectionListener listener) {
        connections.add(connection);
        if (outcome.complete(connection)) {
            connection.open();
        } else {
            connections.remove(connection);
            listener.onOpenFailed(new ClosedChannelException());
        }
    }

    /** Refuses with status 500 after the handler has thrown, unless it has decided before. */
    void fail() {
        if (decided.compareAndSet(false, true)) {
            outcome.completeExceptionally(new InMemoryPeer.Refused(new Refusal(500, "internal error")));
        }
    }

    /** Ends the wait of the peer, when the transport closes or the peer gives up. */
    void abort(IOException cause) {
        outcome.completeExceptionally(cause);
    }

    InMemoryConnection await(Duration timeout) throws IOException, InterruptedException {
        try {
            return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abort(new SocketTimeoutException("the handshake was not decided in time: " + request));
        } catch (InterruptedException e) {
            abort(new ClosedChannelException());
            throw e;
        } catch (ExecutionException e) {
            throw (IOException) e.getCause();
        }
        return await(Duration.ZERO);
    }

    private void decide() {
        if (!decided.compareAndSet(false, true)) {
            throw new IllegalStateException("the handshake was decided before: " + request);
        }
    }
}
