package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.MemoryShortage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library's selector and workers, without the library's acceptor. */
final class SelectorServer extends WebSocketServer {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorServer.class);
    private static final int MAX_WORKERS = 4;
    private static final int READ_BUFFER_BYTES = 16 * 1024;

    /** The pause after a failure of a worker, in nanoseconds. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Consumer<Selector> firstConnection;
    private final Consumer<Throwable> onDeath;
    private final FailureLog failures = new FailureLog(LOG::error);
    private final AtomicInteger lostBuffers = new AtomicInteger();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Runnable select = this::select;
    /** Used by the selector's thread alone. */
    private boolean entered;

    private @Nullable Throwable loopFailure;
    private volatile @Nullable Thread selecting;
    private volatile boolean closing;

    /**
     * Creates a server for a bound channel. It is not started.
     *
     * @param firstConnection receives the selector, which the library hides, when the first peer connects
     * @param onDeath receives the cause, on a thread of this server, if the thread fails before {@link #close}
     */
    SelectorServer(ServerSocketChannel channel, Consumer<Selector> firstConnection, Consumer<Throwable> onDeath) {
        super(channel);
        this.firstConnection = firstConnection;
        this.onDeath = onDeath;
        setReuseAddr(true);
        setConnectionLostTimeout(0);
        decoders.subList(Math.min(decoders.size(), MAX_WORKERS), decoders.size())
                .clear();
        for (int i = 0; i < decoders.size(); i++) {
            decoders.set(i, new Worker(Closeables.THREADS + "worker-" + i));
        }
    }

    /**
     * The failure that {@link #onError} throws to end a loop of the library. It has no trace: there may be no memory.
     */
    private static final class LoopFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private LoopFailure(Throwable cause) {
            super(null, cause, false, false);
        }
    }

    /**
     * A worker that restarts its loop after a failure. The library's own worker would end, and the whole server with
     * it.
     */
    private final class Worker extends WebSocketWorker {
        private final Runnable loop = this::loop;

        Worker(String name) {
            setName(name);
        }

        @Override
        public void run() {
            MemoryShortage.outlast(loop);
        }

        private void loop() {
            while (true) {
                // An interrupt left by a listener would end the loop. The server sets the flag below before it
                // interrupts.
                Thread.interrupted();
                if (closing) {
                    return;
                }
                try {
                    super.run();
                } catch (Throwable e) {
                    survive(e instanceof LoopFailure ? Objects.requireNonNull(e.getCause()) : e);
                }
            }
        }

        /** Counts the buffer of the last read as lost. Without buffers the selector would wait for ever. */
        private void survive(Throwable failure) {
            if (closing) {
                return;
            }
            failures.report("A worker failed; it starts again", failure);
            if (lostBuffers.incrementAndGet() >= bufferCount()) {
                die(failure);
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private int bufferCount() {
        return 2 * decoders.size() + 1;
    }

    @Override
    public void run() {
        MemoryShortage.outlast(select);
    }

    /** Runs the library's loop once. It cannot run again, because it closes its selector at its end. */
    private void select() {
        if (!entered) {
            entered = true;
            try {
                super.run();
            } catch (Throwable e) {
                loopFailure = e;
            }
        }
        Throwable cause = loopFailure instanceof LoopFailure ? loopFailure.getCause() : loopFailure;
        if (cause == null) {
            cause = new IllegalStateException("the loop of the selector ended");
        }
        if (started.isDone() || !started.completeExceptionally(cause)) {
            die(cause);
        }
    }

    private void die(Throwable cause) {
        if (!closing) {
            onDeath.accept(cause);
        }
    }

    void start(Duration timeout) throws IOException {
        start();
        try {
            started.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the selector has not started within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void onStart() {
        selecting = Thread.currentThread();
        selecting.setName(Closeables.THREADS + "selector");
        try {
            // The library adds a buffer for each connection that its own acceptor accepts, and blocks without buffers.
            for (int i = 0; i < bufferCount(); i++) {
                allocateBuffers(null);
            }
            started.complete(null);
        } catch (InterruptedException e) {
            started.completeExceptionally(e);
        }
    }

    @Override
    public ByteBuffer createBuffer() {
        return ByteBuffer.allocate(READ_BUFFER_BYTES);
    }

    /**
     * Leaves accepting to {@link Acceptor}: the library closes the listening socket when accepting fails, for example
     * for lack of descriptors. A cancelled key is the one failure after which its loop continues. It also releases the
     * selector's hold on the port, which would otherwise last until that selector is closed, for which there may be no
     * memory.
     */
    @Override
    protected boolean onConnect(SelectionKey key) {
        key.cancel();
        key.selector().selectedKeys().remove(key);
        firstConnection.accept(key.selector());
        throw new CancelledKeyException();
    }

    /** Ends the loop in place of the library, which would stop the server and wait for the thread that it runs on. */
    @Override
    public void onError(WebSocket connection, Exception failure) {
        if (!closing) {
            throw new LoopFailure(failure);
        }
    }

    void close(Duration timeout) {
        closing = true;
        if (selecting != Thread.currentThread()) {
            stopSelecting(timeout);
        }
        for (Thread worker : decoders) {
            worker.interrupt();
            Closeables.join(worker, timeout);
        }
    }

    private void stopSelecting(Duration timeout) {
        try {
            stop((int) timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (selecting != null && selecting.isAlive()) {
            selecting.interrupt();
            Closeables.join(selecting, timeout);
        }
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {
        throw new AssertionError("connections report to NoopEvents");
    }

    @Override
    public void onClose(WebSocket connection, int code, String reason, boolean remote) {
        throw new AssertionError("connections report to NoopEvents");
    }

    @Override
    public void onMessage(WebSocket connection, String message) {
        throw new AssertionError("connections report to NoopEvents");
    }
}
