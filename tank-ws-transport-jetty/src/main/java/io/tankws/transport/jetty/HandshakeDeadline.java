package io.tankws.transport.jetty;

import io.tankws.spi.RunningTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Cuts off who does not send a whole request head in time. Jetty's idle timeout spares a peer that sends one byte now
 * and then.
 *
 * <p>One sweep for all: a connection is held here from accept until its request head is complete, then for as long as a
 * decision may take, and again from the end of a response, after which the server only waits for the peer to close. An
 * upgraded one is let go.
 */
final class HandshakeDeadline extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {
    /** When they are cut off, by the {@link RunningTime}. */
    private final Map<Connection, Long> waiting = new ConcurrentHashMap<>();

    private final Scheduler scheduler;
    private final long timeoutNanos;
    private final long decisionNanos;
    private final long periodMillis;

    HandshakeDeadline(Scheduler scheduler, Duration timeout, Duration decision) {
        this.scheduler = scheduler;
        this.timeoutNanos = timeout.toNanos();
        this.decisionNanos = decision.toNanos();
        this.periodMillis = Math.max(10, Math.min(RunningTime.MAX_PERIOD_MILLIS, timeoutNanos / 8_000_000));
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) {
            // The HTTP connection within opens with it, so its time includes that of the TLS handshake.
            return;
        }
        waiting.put(connection, RunningTime.nanoTime() + timeoutNanos);
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        Connection connection = request.getConnectionMetaData().getConnection();
        waiting.put(connection, RunningTime.nanoTime() + decisionNanos);
        Request.addCompletionListener(request, failure -> onOpened(connection));
        return request;
    }

    private void schedule() {
        scheduler.schedule(this::sweep, periodMillis, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        long now = RunningTime.nanoTime();
        waiting.forEach((connection, due) -> {
            EndPoint socket = connection.getEndPoint();
            if (!socket.isOpen() || socket.getConnection() != connection) {
                waiting.remove(connection);
            } else if (now - due > 0) {
                socket.close();
            }
        });
        if (isRunning()) {
            schedule();
        }
    }
}
