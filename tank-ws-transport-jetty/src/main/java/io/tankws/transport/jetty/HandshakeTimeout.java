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
 * The deadlines of handshakes: disconnects peers that do not send a whole request head in time. Jetty's idle timeout
 * does not apply to a peer that sends one byte now and then.
 *
 * <p>One sweep checks all deadlines. A connection has one from accept until its request head is complete, then for the
 * time of a decision, and again from the end of a response, after which the server only waits for the peer to close. An
 * upgraded connection has none.
 */
final class HandshakeTimeout extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {
    /** The name of the attribute that a request has if this class limits the time for its decision. */
    private static final String ATTRIBUTE = HandshakeTimeout.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeTimeout.class);

    /** The deadlines by the {@link RunningTime}, in nanoseconds. */
    private final Map<Connection, Long> deadlines = new ConcurrentHashMap<>();

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

    /** Sets the time for the decision on a request, and returns {@code false} if this class does not limit it. */
    static boolean extend(Request request, Duration decision) {
        if (request.getAttribute(ATTRIBUTE) instanceof HandshakeTimeout timeouts) {
            long due = RunningTime.nanoTime() + decision.toNanos();
            Connection connection = request.getConnectionMetaData().getConnection();
            timeouts.deadlines.computeIfPresent(connection, (same, before) -> due);
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
            // The HTTP connection inside opens at the same time, so its time includes the TLS handshake.
            return;
        }
        if (!isRunning()) {
            // The handshake was undecided at the stop, after which the timer has ended and the socket is closed.
            return;
        }
        deadlines.put(connection, RunningTime.nanoTime() + timeoutNanos);
        // The sweep is scheduled already, unless no thread could be started for it.
        schedule();
    }

    @Override
    public void onClosed(Connection connection) {
        deadlines.remove(connection);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        Connection connection = request.getConnectionMetaData().getConnection();
        deadlines.put(connection, RunningTime.nanoTime() + decisionNanos);
        request.setAttribute(ATTRIBUTE, this);
        RequestHeadEndPoint socket = RequestHeadEndPoint.of(connection.getEndPoint());
        if (socket != null) {
            socket.requestHeadEnds();
        }
        Request.addCompletionListener(request, failure -> {
            // After an upgrade no request head follows. The end point is informed of the upgrade only later.
            if (socket != null && request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) == null) {
                socket.requestHeadBegins();
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
            failures.report("Handshakes have no deadline until the next connection, which tries again", e);
        }
    }

    private void sweep() {
        scheduled.set(false);
        try {
            long now = RunningTime.nanoTime();
            deadlines.forEach((connection, due) -> check(connection, now - due));
        } catch (RuntimeException | Error e) {
            failures.report("A check of unfinished handshakes failed; the next one follows", e);
        }
        if (isRunning()) {
            schedule();
        }
    }

    /** Checks one connection. A failure is reported, so that the other connections are checked too. */
    private void check(Connection connection, long overdue) {
        try {
            EndPoint socket = connection.getEndPoint();
            if (!socket.isOpen() || socket.getConnection() != connection) {
                deadlines.remove(connection);
            } else if (overdue > 0) {
                socket.close();
            }
        } catch (RuntimeException | Error e) {
            failures.report("A connection failed at its deadline", e);
        }
    }
}
