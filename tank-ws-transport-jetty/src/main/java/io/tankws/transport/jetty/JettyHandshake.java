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

/**
 * One handshake, whose response waits for the decision. Jetty keeps the request without a thread until the callback
 * completes.
 */
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

    /** The time until which the peer may be idle by the {@link RunningTime}, in nanoseconds. */
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
        // The idle timeout of an application's server must not apply, because the peer waits for the decision.
        idleUntil = RunningTime.nanoTime() + time.toNanos();
        if (mayIdle.compareAndSet(false, true)) {
            request.addIdleTimeoutListener(idle -> RunningTime.nanoTime() - idleUntil > 0);
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        Objects.requireNonNull(refusal, "refusal");
        decide();
        respond(refusal);
    }

    @Override
    public void accept(AcceptOptions options, ConnectionListener listener) {
        JettyConnection connection = new JettyConnection(options, listener, connections);
        if (handshakeRequest.violation().isPresent()) {
            throw new IllegalStateException("a handshake that is accepted must be valid, but was " + handshakeRequest);
        }
        decide();
        WebSocketUpgrade upgrade = new WebSocketUpgrade(request, response, callback, components, buffers, halfClosed);
        AtomicBoolean started = new AtomicBoolean();
        try {
            // The thread that upgrades continues to read. The thread that decides must not: it may be one for user
            // code.
            request.getComponents().getExecutor().execute(() -> {
                if (started.compareAndSet(false, true)) {
                    upgrade.perform(options, connection);
                }
            });
        } catch (RuntimeException | Error e) {
            // A pool that has no thread for a task may have queued it nevertheless.
            if (started.compareAndSet(false, true)) {
                respond(new Refusal(503, "server is stopping or has no thread"));
                connection.openFailed(e);
            }
        }
    }

    /** Responds with status 500 for a handler that has thrown an exception, unless it has decided before. */
    void fail() {
        if (decided.compareAndSet(false, true)) {
            respond(new Refusal(500, "internal error"));
        }
    }

    private void decide() {
        if (!decided.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a handshake must be decided once, but was decided before: " + handshakeRequest);
        }
    }

    private void respond(Refusal refusal) {
        response.setStatus(refusal.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        refusal.headers().forEach(response.getHeaders()::put);
        if (response.getHeaders().contains(HttpHeader.UPGRADE)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        }
        if (ownPort) {
            // Added to the Upgrade of a 426.
            response.getHeaders().add(HttpHeader.CONNECTION, "close");
        }
        response.write(true, ByteBuffer.wrap(refusal.reason().getBytes(StandardCharsets.UTF_8)), callback);
    }
}
