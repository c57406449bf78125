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

/** A transport on one port of this process, with four threads for all connections. */
final class InMemoryTransport implements Transport {
    private static final String THREAD_NAMES = "tank-ws-in-memory-";
    private static final int THREADS = 4;

    private final TransportConfig config;
    private final PathHandlers handlers = new PathHandlers();
    private final Set<InMemoryHandshake> pendingHandshakes = ConcurrentHashMap.newKeySet();
    private final ConnectionTracker connections = new ConnectionTracker();
    private final ThreadPoolExecutor executor;
    private final AtomicInteger threads = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set by start
    private volatile InetAddress host;

    private final Termination termination = new Termination();

    @SuppressWarnings("NullAway.Init") // set by start
    private volatile InetSocketAddress address;

    private boolean started;
    private volatile boolean closed;

    InMemoryTransport(TransportConfig config) {
        this.config = config;
        // The queue has at most one task for each peer.
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
            throw new IllegalStateException("a transport must be started once only");
        }
        started = true;
        try {
            // The host must be one that a socket could listen on, so that tests find wrong names.
            host = InetAddress.getByName(config.host());
            InMemoryPorts.bind(config.port(), this);
            startThreads();
        } catch (IOException e) {
            closed = true;
            throw new ListenException(config.host(), config.port(), e);
        }
    }

    /** Starts all threads at once. If a thread could not start later, a connection would wait without end. */
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
            throw new IllegalStateException("the transport must be started first");
        }
        return bound;
    }

    /** Records the port. Called before a peer can connect. */
    void onBound(int port) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Connects a peer. Called on the thread of the peer. */
    InMemoryConnection connect(HandshakeRequest request, Duration timeout) throws IOException, InterruptedException {
        InMemoryHandshake handshake = new InMemoryHandshake(withPeerAddress(request), executor, connections);
        pendingHandshakes.add(handshake);
        try {
            // The close sees every handshake that is added after this.
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            executor.execute(() -> dispatch(handshake));
            return handshake.await(timeout);
        } catch (RejectedExecutionException e) {
            throw new ConnectException("connection refused: port " + address.getPort());
        } finally {
            pendingHandshakes.remove(handshake);
        }
    }

    /** Returns the request with the address of the peer. Peers connect to a wildcard address over loopback. */
    private HandshakeRequest withPeerAddress(HandshakeRequest request) {
        InetSocketAddress listening = new InetSocketAddress(host, address.getPort());
        return request.arrivedAt(host.isAnyLocalAddress() ? address : listening, listening);
    }

    private void dispatch(InMemoryHandshake handshake) {
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
        pendingHandshakes.forEach(handshake -> handshake.abort(new ClosedChannelException()));
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
