package io.tankws.examples;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The bounds of the HTTP port's connections. A request must arrive, and its response must be read, within a fixed time
 * each, even if the peer sends or reads single bytes. When a new connection exceeds the limit, the connection that has
 * been in its state for the longest time is closed, so that idle peers cannot keep new ones out.
 */
final class HttpLimits extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {
    static final int MAX_CONNECTIONS = 256;

    private static final long SWEEP_MILLIS = 250;

    /** A publish may wait for the backplane for up to 30 s with {@code --outage buffer}. */
    private static final Duration DECISION_TIMEOUT = Duration.ofSeconds(60);

    private final Scheduler scheduler;
    private final long transferNanos;

    /**
     * The deadline of each connection, in {@link System#nanoTime}. The connection with the oldest state comes first.
     */
    private final Map<Connection, Long> deadlines = new LinkedHashMap<>();

    /**
     * Creates the bounds.
     *
     * @param transferTimeout the time for a request to arrive, and for a response to be read
     */
    HttpLimits(Scheduler scheduler, Duration transferTimeout) {
        this.scheduler = scheduler;
        transferNanos = transferTimeout.toNanos();
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    public void onOpened(Connection connection) {
        Connection oldest = null;
        synchronized (this) {
            setDeadline(connection, transferNanos);
            if (deadlines.size() > MAX_CONNECTIONS) {
                oldest = deadlines.keySet().iterator().next();
                deadlines.remove(oldest);
            }
        }
        if (oldest != null) {
            oldest.getEndPoint().close();
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        deadlines.remove(connection);
    }

    /** Leaves the body the rest of the time that the head had. */
    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        Request.addCompletionListener(request, failure -> startTransfer(request));
        return request;
    }

    /** Starts the time for the response to a complete request. */
    void startDecision(Request request) {
        move(request, DECISION_TIMEOUT.toNanos());
    }

    /** Starts the time for the peer to read the response, or to send its next request. */
    void startTransfer(Request request) {
        move(request, transferNanos);
    }

    private synchronized void move(Request request, long nanos) {
        Connection connection = request.getConnectionMetaData().getConnection();
        if (deadlines.remove(connection) != null) {
            setDeadline(connection, nanos);
        }
    }

    private void setDeadline(Connection connection, long nanos) {
        deadlines.put(connection, System.nanoTime() + nanos);
    }

    private void schedule() {
        scheduler.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        long now = System.nanoTime();
        Connection[] late;
        synchronized (this) {
            late = deadlines.entrySet().stream()
                    .filter(each -> each.getValue() - now < 0)
                    .map(Map.Entry::getKey)
                    .toArray(Connection[]::new);
            for (Connection connection : late) {
                deadlines.remove(connection);
            }
        }
        for (Connection connection : late) {
            connection.getEndPoint().close();
        }
        if (isRunning()) {
            schedule();
        }
    }
}
