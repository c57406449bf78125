package io.tankws.transport.jetty;

import io.tankws.HandshakeHandler;
import io.tankws.ListenException;
import io.tankws.ServerLimits;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.SocketOptions;
import io.tankws.spi.support.Termination;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport on Jetty: one port, whose Jetty server has only a {@link TankWsHandler}. */
final class JettyTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(JettyTransport.class);
    private static final String THREADS = "tank-ws-jetty";
    private static final String STOP_THREAD = "tank-ws-stop-jetty";
    private static final int ACCEPTORS = 1;
    private static final int SELECTORS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
    private static final Duration CHECK_PERIOD = Duration.ofSeconds(1);

    /**
     * The strict mode, except that the authority of a target in absolute form replaces Host (RFC 9112 section 3.2.2).
     */
    private static final HttpCompliance HTTP_COMPLIANCE =
            HttpCompliance.STRICT.with("tank-ws", HttpCompliance.Violation.MISMATCHED_AUTHORITY);

    private final TransportConfig config;
    private final TankWsHandler handler = new TankWsHandler(true);
    private final ScheduledThreadPoolExecutor timers;
    private final Server server;
    private final ChannelConnector connector;
    private final Termination termination = new Termination();
    private final Supervisor supervisor;

    /** Created in advance, like the next two: there may be no memory when they are needed. */
    private final Runnable closeAtOnce = () -> closeNow(Duration.ZERO);

    private final Runnable closePort;
    private final Runnable reportFailure = this::reportFailure;
    private volatile @Nullable Throwable failure;
    private volatile Consumer<Throwable> onFailure = cause -> {};
    private volatile @Nullable InetSocketAddress address;
    private boolean started;

    /** {@code true} if this transport was closed, so that it cannot be started. */
    private boolean closed;

    private boolean stopped;

    JettyTransport(TransportConfig config) {
        this.config = config;
        timers = new ScheduledThreadPoolExecutor(1, JettyTransport::timerThread);
        timers.setRemoveOnCancelPolicy(true);
        server = new Server(threads(), new RunningScheduler(timers), null);
        HttpConfiguration http = http(config.limits());
        // Without an acceptor thread a selector would hold the closed port until it next wakes up.
        RequestHeadBudget heads = new RequestHeadBudget(config.limits().pendingHandshakeBytes());
        connector = new ChannelConnector(server, ACCEPTORS, SELECTORS, heads, this::fail, protocols(config, http));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(SocketOptions.BACKLOG);
        // Jetty's idle timeout would also count the time for which the process was suspended.
        connector.setIdleTimeout(0);
        HandshakeTimeout timeouts = new HandshakeTimeout(
                connector.getScheduler(), config.limits().handshakeTimeout(), decisionTime(config.limits()));
        connector.addBean(timeouts);
        http.addCustomizer(timeouts);
        connector.addBean(new SocketLimiter(connector, config.limits().maxSockets()));
        server.addConnector(connector);
        server.setHandler(handler);
        server.setErrorHandler(new PlainTextErrorHandler());
        server.setStopTimeout(0);
        closePort = connector::close;
        supervisor = new Supervisor(THREADS + "-supervisor", CHECK_PERIOD, this::check, this::end);
    }

    private static ConnectionFactory[] protocols(TransportConfig config, HttpConfiguration http) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        return config.tls()
                .map(tls -> new ConnectionFactory[] {TlsConnections.around(plain, tls), plain})
                .orElse(new ConnectionFactory[] {plain});
    }

    private static QueuedThreadPool threads() {
        int size = ACCEPTORS + SELECTORS + 2 * Runtime.getRuntime().availableProcessors() + 4;
        // All threads from the start: in the middle of Jetty's selector, an error for lack of a thread would end the
        // selector.
        QueuedThreadPool threads = new QueuedThreadPool(size, size);
        threads.setName(THREADS);
        // Like any server, it keeps the process alive until it is closed.
        threads.setDaemon(false);
        return threads;
    }

    private static Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, THREADS + "-timer");
        thread.setDaemon(true);
        return thread;
    }

    private static HttpConfiguration http(ServerLimits limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(limits.handshakeBytes());
        // Without this, the cache returns a value in another letter case than the peer has sent.
        http.setHeaderCacheCaseSensitive(true);
        http.setHttpCompliance(HTTP_COMPLIANCE);
        // PathHandlers checks paths, as on every transport.
        http.setUriCompliance(UriCompliance.UNSAFE);
        return http;
    }

    /** Returns the time for a decision on a handshake, which is longer than the timeouts of the core. */
    private static Duration decisionTime(ServerLimits limits) {
        return limits.handshakeTimeout().plus(limits.authenticationTimeout()).plus(TransportHandshake.DECISION_GRACE);
    }

    @Override
    public void handle(String path, HandshakeHandler connectionHandler) {
        handler.handle(path, connectionHandler);
    }

    @Override
    public void onFailure(Consumer<Throwable> failureListener) {
        onFailure = Objects.requireNonNull(failureListener, "listener");
    }

    /** Ends the server on the supervisor's thread, because a selector cannot wait for its own end. */
    void fail(Throwable cause) {
        supervisor.fail(cause);
    }

    private void check() {
        // The timer's thread ends when a task fails, and only the next task would start another one.
        timers.prestartCoreThread();
        if (connector.hasDeadSelector()) {
            fail(new IllegalStateException(
                    "a selector has not answered for " + SupervisedSelector.MAX_ROUNDS + " rounds"));
        }
    }

    private void end(Throwable cause) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        failure = cause;
        try {
            // This thread may wait, because a shutdown waits for it for at most a second.
            termination.run(true, STOP_THREAD, closeAtOnce);
        } finally {
            // Also if the shutdown has failed half-way.
            MemoryShortage.outlast(closePort);
            MemoryShortage.outlast(reportFailure);
        }
    }

    private void reportFailure() {
        onFailure.accept(failure);
    }

    @Override
    public synchronized void start() {
        if (started || closed) {
            throw new IllegalStateException("a transport must be started once, before it is closed");
        }
        started = true;
        try {
            timers.prestartCoreThread();
            server.start();
            address = (InetSocketAddress) ((ServerSocketChannel) connector.getTransport()).getLocalAddress();
            supervisor.start();
        } catch (Exception | OutOfMemoryError e) {
            // Also an error: without threads the port must not stay bound.
            closed = true;
            stop();
            throw new ListenException(config.host(), config.port(), e);
        }
    }

    @Override
    public InetSocketAddress address() {
        InetSocketAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException("the transport must be started");
        }
        return bound;
    }

    int openSockets() {
        return connector.getConnectedEndPoints().size();
    }

    @Override
    public void close(Duration timeout) {
        boolean ownThread = Thread.currentThread().getName().startsWith(THREADS);
        termination.run(!ownThread, STOP_THREAD, () -> closeNow(timeout));
    }

    /** Closes the port and its connections. It is called again if it fails for lack of memory. */
    private void closeNow(Duration timeout) {
        synchronized (this) {
            closed = true;
            if (!started || stopped) {
                return;
            }
        }
        connector.close();
        handler.connections().close(timeout);
        handler.halfClosed().awaitNone(timeout);
        stop();
    }

    private void stop() {
        supervisor.stop();
        stop(server);
        // Also if the server's own stop has failed half-way.
        stop(connector);
        stop(server.getThreadPool());
        server.destroy();
        timers.shutdownNow();
        synchronized (this) {
            stopped = true;
        }
        try {
            timers.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Object part) {
        try {
            LifeCycle.stop(part);
        } catch (RuntimeException e) {
            LOG.debug("Stopping a part of the server failed", e);
        }
    }
}
