package io.tankws.transport.jetty;

import io.tankws.spi.FailureReports;
import io.tankws.spi.WriteBuffers;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts as Jetty does, but without a {@link java.net.Socket}, which each channel would keep for one option's sake.
 * Survives an error while accepting, and reports a selector that cannot go on.
 */
final class SocketConnector extends ServerConnector {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnector.class);

    /** Jetty pauses as long after an exception. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HeadBudget heads;
    private final Consumer<Throwable> onSelectorFailure;
    private final FailureReports failures = new FailureReports(LOG::error);

    SocketConnector(
            Server server,
            int acceptors,
            int selectors,
            HeadBudget heads,
            Consumer<Throwable> onSelectorFailure,
            ConnectionFactory... factories) {
        super(server, acceptors, selectors, factories);
        this.heads = heads;
        this.onSelectorFailure = onSelectorFailure;
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new ServerConnectorManager(executor, scheduler, selectors) {
            @Override
            protected ManagedSelector newSelector(int id) {
                return new ManagedSelector(this, id) {
                    @Override
                    protected void onSelectFailed(Throwable cause) {
                        onSelectorFailure.accept(cause);
                    }
                };
            }
        };
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel socket, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint result = new HeadEndPoint(socket, selector, key, getScheduler(), heads);
        result.setIdleTimeout(getIdleTimeout());
        return result;
    }

    /** An exception is Jetty's to report, after which it pauses; an error in that report would end its acceptor. */
    @Override
    public void accept(int acceptor) throws IOException {
        try {
            acceptOne();
        } catch (Error e) {
            failures.report("Accepting failed; it goes on after a pause", e);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void acceptOne() throws IOException {
        ServerSocketChannel listening = (ServerSocketChannel) getTransport();
        if (listening == null || !listening.isOpen()) {
            return;
        }
        SocketChannel socket = listening.accept();
        boolean handedOver = false;
        try {
            socket.configureBlocking(false);
            try {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                socket.setOption(StandardSocketOptions.SO_SNDBUF, WriteBuffers.SEND_BUFFER_BYTES);
            } catch (IOException e) {
                // Some systems know already that the peer has left; its end is dealt with like any other.
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
