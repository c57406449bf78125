package io.tankws.transport.jetty;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.ConnectionTracker;
import io.tankws.spi.support.HalfClosedSockets;
import io.tankws.spi.support.RunningTime;
import io.tankws.spi.support.WriteBufferPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/** A request whose response waits for the decision; Jetty keeps it, without a thread, until the callback completes. */
final class JettyHandshake implements TransportHandshake {
    private final HandshakeRequest handshakeRequest;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final WebSocketComponents components;
    private final ConnectionTracker connections;
    private final WriteBufferPool buffers;
    private final HalfClosedSockets halfClosed;
    private final boolean ownPort;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final AtomicBoolean mayIdle = new AtomicBoolean();
    private volatile long idleUntil;

    JettyHandshake(
            HandshakeRequest handshakeRequest,
            Request request,
            Response response,
            Callback callback,
            WebSocketComponents components,
            ConnectionTracker connections,
            WriteBufferPool buffers,
            HalfClosedSockets halfClosed,
            boolean ownPort) {
        this.handshakeRequest = handshakeRequest;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.components = components;
        this.connections = connections;
        this.buffers = buffers;
        this.halfClosed = halfClosed;
        this.ownPort = ownPort;
    }

    @Override
    public HandshakeRequest request() {
        return handshakeRequest;
    }

    @Override
    public void decideWithin(Duration timeout) {
        Duration time = timeout.plus(DECISION_GRACE);
        if (decided.get() || HandshakeTimeout.extend(request, time)) {
            return;
        }
        // The idle timeout of an application's server has to wait: the peer is silent because it waits for the
        // decision.
        idleUntil = RunningTime.nanoTime() + time.toNanos();
        if (mayIdle.compareAndSet(false, true)) {
            request.addIdleTimeoutListener(idle -> RunningTime.nanoTime() - idleUntil > 0);
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        Objects.requireNonNull(refusal, "refusal");
        decide();
        answer(refusal);
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        JettyConnection connection = new JettyConnection(acceptance, listener, connections);
        if (handshakeRequest.violation().isPresent()) {
            throw new IllegalStateException("no valid handshake: " + handshakeRequest);
        }
        decide();
        WebSocketUpgrade upgrade = new WebSocketUpgrade(request, response, callback, components, buffers, halfClosed);
        AtomicBoolean taken = new AtomicBoolean();
        try {
            // The thread that upgrades goes on to read, which the deciding thread must not: it may be the user's.
            request.getComponents().getExecutor().execute(() -> {
                if (taken.compareAndSet(false, true)) {
                    upgrade.perform(acceptance, connection);
                }
            });
        } catch (RuntimeException | Error e) {
            // A pool that finds no thread for a task may have queued it all the same.
            if (taken.compareAndSet(false, true)) {
                answer(new Refusal(503, "server is stopping or has no thread"));
                connection.openFailed(e);
            }
        }
    }

    /** Answers for a handler that threw, unless it had decided before. */
    void fail() {
        if (decided.compareAndSet(false, true)) {
            answer(new Refusal(500, "internal error"));
        }
    }

    private void decide() {
        if (!decided.compareAndSet(false, true)) {
            throw new IllegalStateException("decided before: " + handshakeRequest);
        }
    }

    private void answer(Refusal refusal) {
        response.setStatus(refusal.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        refusal.headers().forEach(response.getHeaders()::put);
        if (response.getHeaders().contains(HttpHeader.UPGRADE)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        }
        if (ownPort) {
            // Beside the Upgrade of a 426.
            response.getHeaders().add(HttpHeader.CONNECTION, "close");
        }
        response.write(true, ByteBuffer.wrap(refusal.reason().getBytes(StandardCharsets.UTF_8)), callback);
    }
}
