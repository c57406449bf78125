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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library's selector and workers, without its way to accept. */
final class SelectorServer extends WebSocketServer {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorServer.class);
    private static final int MAX_WORKERS = 4;
    private static final int READ_BUFFER = 16 * 1024;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Consumer<Selector> firstConnection;
    private final Consumer<Throwable> onDeath;
    private final FailureLog failures = new FailureLog(LOG::error);
    private final AtomicInteger lostBuffers = new AtomicInteger();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Runnable selectUntilTheEnd = this::selectUntilTheEnd;
    /** Used by the selector's thread alone. */
    private boolean entered;

    private Throwable loopFailure;
    private volatile Thread selecting;
    private volatile boolean closing;

    /**
     * Takes a bound channel.
     *
     * @param firstConnection gets the selector, which the library keeps to itself, when the first peer knocks
     * @param onDeath gets the cause, on a thread of this server, if that cannot go on before {@link #close}
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

    /** Thrown out of the library's loops by {@link #onError}; without a trace, for there may be no memory. */
    private static final class LoopFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private LoopFailure(Throwable cause) {
            super(null, cause, false, false);
        }
    }

    /** A worker of the library that begins again where the library's own would end, and the whole server with it. */
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
                // Left behind by a listener, it would end the loop; the server's own comes after the flag below is set.
                Thread.interrupted();
                if (closing) {
                    return;
                }
                try {
                    super.run();
                } catch (Throwable e) {
                    survive(e instanceof LoopFailure ? e.getCause() : e);
                }
            }
        }

        /** The buffer of the last read may be lost with the failure. Without buffers the selector would wait for ever. */
        private void survive(Throwable failure) {
            if (closing) {
                return;
            }
            failures.report("A worker failed; it begins again", failure);
            if (lostBuffers.incrementAndGet() >= buffers()) {
                die(failure);
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private int buffers() {
        return 2 * decoders.size() + 1;
    }

    @Override
    public void run() {
        MemoryShortage.outlast(selectUntilTheEnd);
    }

    /** Runs the library's loop once, which cannot begin again: it closes its selector at its end. */
    private void selectUntilTheEnd() {
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
            cause = new IllegalStateException("the selector's loop ended");
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
            throw new IOException("the selector did not start within " + timeout, e);
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
            // The library adds one for each connection that it accepts itself, and blocks without any.
            for (int i = 0; i < buffers(); i++) {
                allocateBuffers(null);
            }
            started.complete(null);
        } catch (InterruptedException e) {
            started.completeExceptionally(e);
        }
    }

    @Override
    public ByteBuffer createBuffer() {
        return ByteBuffer.allocate(READ_BUFFER);
    }

    /**
     * Leaves accepting to {@link Acceptor}: where the library's own accept fails, as for lack of descriptors, it closes
     * the listening socket. A cancelled key is the one failure that its loop takes lightly. It also ends the selector's hold
     * on the port, which would otherwise last until that selector is closed, for which there may be no memory.
     */
    @Override
    protected boolean onConnect(SelectionKey key) {
        key.cancel();
        key.selector().selectedKeys().remove(key);
        firstConnection.accept(key.selector());
        throw new CancelledKeyException();
    }

    /** Keeps the library from stopping the server for any failure, and from waiting for the thread that it runs on. */
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
