package io.tankws.transport.jetty;

import io.tankws.spi.support.AcceptFailureLog;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.SocketOptions;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector of a port. Unlike Jetty's, it creates no {@link java.net.Socket}, which each channel would keep for the
 * sake of one option, survives an error while accepting, and reports a selector that has failed.
 */
final class ChannelConnector extends ServerConnector {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelConnector.class);

    /** The pause after a failure in nanoseconds, as long as Jetty's. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RequestHeadBudget headBudget;
    private final Consumer<Throwable> onSelectorFailure;

    /** Created in advance: there may be no memory when it is needed. */
    private final Runnable accept = this::tryToAccept;

    /** The failure of the last call; used by the only acceptor thread. */
    private @Nullable IOException acceptFailure;

    private volatile List<SupervisedSelector> selectors = List.of();

    private final AcceptFailureLog reports = new AcceptFailureLog(LOG::warn);
    private final FailureLog failures = new FailureLog(LOG::error);

    ChannelConnector(
            Server server,
            int acceptors,
            int selectors,
            RequestHeadBudget heads,
            Consumer<Throwable> onSelectorFailure,
            ConnectionFactory... factories) {
        super(server, acceptors, selectors, factories);
        this.headBudget = heads;
        this.onSelectorFailure = onSelectorFailure;
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new ServerConnectorManager(executor, scheduler, selectors) {
            @Override
            protected ManagedSelector newSelector(int id) {
                return new SupervisedSelector(this, id, onSelectorFailure);
            }
        };
    }

    /** Returns whether a selector no longer answers. One thread calls this once per round. */
    boolean hasDeadSelector() {
        boolean dead = false;
        for (SupervisedSelector selector : selectors) {
            dead |= selector.isOverdue();
        }
        return dead;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        selectors = List.copyOf(getSelectorManager().getBeans(SupervisedSelector.class));
    }

    @Override
    protected ServerSocketChannel openAcceptChannel() throws IOException {
        SocketOptions.prepare();
        return super.openAcceptChannel();
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel socket, ManagedSelector selector, SelectionKey key) {
        boolean encrypted = getConnectionFactory(SslConnectionFactory.class) != null;
        SocketChannelEndPoint result = new RequestHeadEndPoint(
                socket, selector, key, getScheduler(), headBudget, encrypted ? null : new RequestLineChecker());
        result.setIdleTimeout(getIdleTimeout());
        return result;
    }

    /**
     * Accepts one socket. Reports failures in place of Jetty, which logs a stack trace each time and ends the acceptor
     * after an error.
     */
    @Override
    public void accept(int acceptor) throws IOException {
        MemoryShortage.outlast(accept);
        IOException failure = acceptFailure;
        acceptFailure = null;
        if (failure instanceof ClosedChannelException) {
            throw failure;
        }
        if (failure != null) {
            reports.failed(failure);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void tryToAccept() {
        try {
            acceptOne();
        } catch (IOException e) {
            acceptFailure = e;
        } catch (OutOfMemoryError e) {
            failures.report("Accepting failed; it continues after a pause", e);
            throw e;
        }
    }

    private void acceptOne() throws IOException {
        ServerSocketChannel listening = (ServerSocketChannel) getTransport();
        if (listening == null || !listening.isOpen()) {
            return;
        }
        SocketChannel socket = listening.accept();
        reports.accepted();
        boolean handedOver = false;
        try {
            socket.configureBlocking(false);
            try {
                SocketOptions.configure(socket);
            } catch (IOException e) {
                // On some systems this fails if the peer has closed the connection. The next read reports that.
            }
            getSelectorManager().accept(socket);
            handedOver = true;
        } finally {
            if (!handedOver) {
                socket.close();
            }
        }
    }
}
