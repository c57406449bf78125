package io.tankws.transport.javawebsocket;

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
import java.util.function.Consumer;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library's selector and workers, without its way to accept. */
final class LibraryServer extends WebSocketServer {
    private static final Logger LOG = LoggerFactory.getLogger(LibraryServer.class);
    private static final int MAX_WORKERS = 4;
    private static final int READ_BUFFER = 16 * 1024;

    private final Consumer<Selector> firstConnection;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private volatile Thread selecting;

    /**
     * Takes a bound channel.
     *
     * @param firstConnection gets the selector, which the library keeps to itself, when the first peer knocks
     */
    LibraryServer(ServerSocketChannel channel, Consumer<Selector> firstConnection) {
        super(channel);
        this.firstConnection = firstConnection;
        setReuseAddr(true);
        setConnectionLostTimeout(0);
        decoders.subList(Math.min(decoders.size(), MAX_WORKERS), decoders.size())
                .clear();
        for (int i = 0; i < decoders.size(); i++) {
            decoders.get(i).setName(Sockets.THREADS + "worker-" + i);
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
        selecting.setName(Sockets.THREADS + "selector");
        try {
            // The library adds one for each connection that it accepts itself, and blocks without any.
            for (int i = 0; i < 2 * decoders.size() + 1; i++) {
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
     * the listening socket. A cancelled key is the one failure that its loop takes lightly.
     */
    @Override
    protected boolean onConnect(SelectionKey key) {
        key.interestOps(0);
        key.selector().selectedKeys().remove(key);
        firstConnection.accept(key.selector());
        throw new CancelledKeyException();
    }

    @Override
    public void onError(WebSocket connection, Exception failure) {
        if (!started.completeExceptionally(failure)) {
            LOG.error("The selector or a worker failed", failure);
        }
    }

    void close(Duration timeout) {
        try {
            stop((int) timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (selecting != null && selecting != Thread.currentThread() && selecting.isAlive()) {
            selecting.interrupt();
            Sockets.join(selecting, timeout);
        }
        for (Thread worker : decoders) {
            worker.interrupt();
            Sockets.join(worker, timeout);
        }
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {
        throw new AssertionError("connections report to LibraryEvents");
    }

    @Override
    public void onClose(WebSocket connection, int code, String reason, boolean remote) {
        throw new AssertionError("connections report to LibraryEvents");
    }

    @Override
    public void onMessage(WebSocket connection, String message) {
        throw new AssertionError("connections report to LibraryEvents");
    }
}
