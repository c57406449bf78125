package io.tankws.transport.jetty;

import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off who does not send a whole request head in time. Jetty's idle timeout spares a peer that sends one byte now
 * and then.
 *
 * <p>One sweep for all: a connection is held here from accept until its request head is complete, then for as long as a
 * decision may take, and again from the end of a response, after which the server only waits for the peer to close. An
 * upgraded one is let go.
 */
final class HandshakeTimeout extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {
    /** The attribute of a request whose decision has a deadline here. */
    private static final String ATTRIBUTE = HandshakeTimeout.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeTimeout.class);

    /** When they are cut off, by the {@link RunningTime}. */
    private final Map<Connection, Long> waiting = new ConcurrentHashMap<>();

    private final Scheduler scheduler;
    private final long timeoutNanos;
    private final long decisionNanos;
    private final long periodMillis;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final FailureLog failures = new FailureLog(LOG::error);

    HandshakeTimeout(Scheduler scheduler, Duration timeout, Duration decision) {
        this.scheduler = scheduler;
        this.timeoutNanos = timeout.toNanos();
        this.decisionNanos = decision.toNanos();
        this.periodMillis = Math.max(10, Math.min(RunningTime.MAX_PERIOD_MILLIS, timeoutNanos / 8_000_000));
    }

    /** Sets the time for the decision on a request, and returns {@code false} if there is no deadline of ours. */
    static boolean extend(Request request, Duration decision) {
        if (request.getAttribute(ATTRIBUTE) instanceof HandshakeTimeout deadline) {
            long due = RunningTime.nanoTime() + decision.toNanos();
            Connection connection = request.getConnectionMetaData().getConnection();
            deadline.waiting.computeIfPresent(connection, (same, before) -> due);
            return true;
        }
        return false;
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
        if (!isRunning()) {
            // The response to a handshake that was under decision at the stop: the timer has ended, and the socket is
            // closed.
            return;
        }
        waiting.put(connection, RunningTime.nanoTime() + timeoutNanos);
        // It runs already, unless no thread could be had for it.
        schedule();
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        Connection connection = request.getConnectionMetaData().getConnection();
        waiting.put(connection, RunningTime.nanoTime() + decisionNanos);
        request.setAttribute(ATTRIBUTE, this);
        RequestHeadEndPoint socket = RequestHeadEndPoint.of(connection.getEndPoint());
        if (socket != null) {
            socket.headEnds();
        }
        Request.addCompletionListener(request, failure -> {
            // After an upgrade there is no further head. The end point learns of the upgrade only later.
            if (socket != null && request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) == null) {
                socket.headBegins();
            }
            onOpened(connection);
        });
        return request;
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            scheduler.schedule(this::sweep, periodMillis, TimeUnit.MILLISECONDS);
        } catch (RuntimeException | Error e) {
            scheduled.set(false);
            failures.report("Handshakes have no deadline for the moment; the next connection tries again", e);
        }
    }

    private void sweep() {
        scheduled.set(false);
        try {
            long now = RunningTime.nanoTime();
            waiting.forEach((connection, due) -> check(connection, now - due));
        } catch (RuntimeException | Error e) {
            failures.report("A round over unfinished handshakes failed; the next one follows", e);
        }
        if (isRunning()) {
            schedule();
        }
    }

    /** What goes wrong with one connection must not keep the others from their deadlines. */
    private void check(Connection connection, long overdue) {
        try {
            EndPoint socket = connection.getEndPoint();
            if (!socket.isOpen() || socket.getConnection() != connection) {
                waiting.remove(connection);
            } else if (overdue > 0) {
                socket.close();
            }
        } catch (RuntimeException | Error e) {
            failures.report("A connection failed at its deadline", e);
        }
    }
}
