package io.tankws.transport.memory;

import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.ListenException;
import io.tankws.Refusal;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.support.ConnectionTracker;
import io.tankws.spi.support.PathHandlers;
import io.tankws.spi.support.Termination;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One port of this process, with a few threads for all its connections. */
final class InMemoryTransport implements Transport {
    private static final String THREAD_NAMES = "tank-ws-in-memory-";
    private static final int THREADS = 4;

    private final TransportConfig config;
    private final PathHandlers handlers = new PathHandlers();
    private final Set<InMemoryHandshake> undecided = ConcurrentHashMap.newKeySet();
    private final ConnectionTracker connections = new ConnectionTracker();
    private final ThreadPoolExecutor executor;
    private final AtomicInteger threads = new AtomicInteger();
    private volatile InetAddress host;
    private final Termination termination = new Termination();
    private volatile InetSocketAddress address;
    private boolean started;
    private volatile boolean closed;

    InMemoryTransport(TransportConfig config) {
        this.config = config;
        // What waits here is bounded by the peers: one task each.
        executor = new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), this::newThread);
    }

    private Thread newThread(Runnable task) {
        String name = THREAD_NAMES + address.getPort() + "-" + threads.incrementAndGet();
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void handle(String path, HandshakeHandler handler) {
        handlers.handle(path, handler);
    }

    @Override
    public synchronized void start() {
        if (started || closed) {
            throw new IllegalStateException("a transport is started once");
        }
        started = true;
        try {
            // Only a name that a socket could listen on will do, so that a wrong one shows in tests.
            host = InetAddress.getByName(config.host());
            InMemoryPorts.bind(config.port(), this);
            startThreads();
        } catch (IOException e) {
            closed = true;
            throw new ListenException(config.host(), config.port(), e);
        }
    }

    /** All at once: a task that finds no thread later would leave its connection waiting for ever. */
    private void startThreads() {
        boolean complete = false;
        try {
            executor.prestartAllCoreThreads();
            complete = true;
        } finally {
            if (!complete) {
                closed = true;
                InMemoryPorts.release(address.getPort(), this);
                executor.shutdown();
            }
        }
    }

    @Override
    public InetSocketAddress address() {
        InetSocketAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        return bound;
    }

    /** Called before anybody can connect. */
    void bound(int port) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Called by the peer. */
    InMemoryConnection connect(HandshakeRequest request, Duration timeout) throws IOException, InterruptedException {
        InMemoryHandshake handshake = new InMemoryHandshake(arrived(request), executor, connections);
        undecided.add(handshake);
        try {
            // Whoever comes after this is seen by close.
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            executor.execute(() -> hand(handshake));
            return handshake.await(timeout);
        } catch (RejectedExecutionException e) {
            throw new ConnectException("connection refused: port " + address.getPort());
        } finally {
            undecided.remove(handshake);
        }
    }

    /** A socket that listens on every address is connected to over loopback here. */
    private HandshakeRequest arrived(HandshakeRequest request) {
        InetSocketAddress listening = new InetSocketAddress(host, address.getPort());
        return request.arrivedAt(host.isAnyLocalAddress() ? address : listening, listening);
    }

    private void hand(InMemoryHandshake handshake) {
        HandshakeHandler handler = handlers.find(handshake.request().path()).orElse(null);
        if (handler == null) {
            handshake.refuse(new Refusal(404, "not found"));
            return;
        }
        try {
            handler.handleConnection(handshake);
        } catch (RuntimeException | Error e) {
            handshake.fail();
        }
    }

    @Override
    public void close(Duration timeout) {
        boolean own = Thread.currentThread().getName().startsWith(THREAD_NAMES);
        termination.run(!own, "tank-ws-stop-in-memory", () -> closeNow(timeout));
    }

    private void closeNow(Duration timeout) {
        synchronized (this) {
            boolean open = started && !closed;
            closed = true;
            if (!open) {
                return;
            }
        }
        InMemoryPorts.release(address.getPort(), this);
        undecided.forEach(handshake -> handshake.cut(new ClosedChannelException()));
        connections.close(timeout);
        executor.shutdown();
        awaitThreads();
    }

    private void awaitThreads() {
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
