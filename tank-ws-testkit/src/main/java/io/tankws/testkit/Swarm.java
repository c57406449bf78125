package io.tankws.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of clients on one thread and one selector, for tests of load. Every listener is called on that thread, and
 * calls of members run there too, in the order of the calls. Thread-safe.
 */
public final class Swarm implements AutoCloseable {
    private static final int MAX_FRAME_BYTES = 256 * 1024;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** All members read into this one. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_FRAME_BYTES);

    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    private final long restNanos;

    /** Starts without a member. */
    public Swarm() {
        this(Duration.ZERO);
    }

    /**
     * Starts without a member.
     *
     * @param rest between two looks at the sockets: the longer, the more is read at once, and the less work it is
     */
    public Swarm(Duration rest) {
        restNanos = rest.toNanos();
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "swarm");
        thread.setDaemon(true);
        thread.start();
    }

    /** A listener of the events of members. Called on the thread of the swarm, so it must not block. */
    public interface Listener {
        /**
         * The server has answered 101.
         *
         * @param member the member
         */
        default void opened(SwarmMember member) {}

        /**
         * A text or binary message has come.
         *
         * @param member the receiver
         * @param payload valid during this call
         */
        default void message(SwarmMember member, ByteBuffer payload) {}

        /**
         * A ping has come; unless switched off, the answer is under way.
         *
         * @param member the receiver
         */
        default void pinged(SwarmMember member) {}

        /**
         * The connection has ended, or could not be made.
         *
         * @param member the member
         */
        default void ended(SwarmMember member) {}
    }

    /**
     * Begins to connect a member.
     *
     * @param address of the server
     * @param target path and query
     * @param listener listener of its events
     * @return the member, not yet open
     */
    public SwarmMember join(InetSocketAddress address, String target, Listener listener) {
        return join(address, target, listener, 0);
    }

    /**
     * Begins to connect a member whose receive buffer has a size, so that a server soon feels that it does not read.
     *
     * @param address of the server
     * @param target path and query
     * @param listener listener of its events
     * @param receiveBuffer size in bytes, or 0 for the default of the system
     * @return the member, not yet open
     */
    public SwarmMember join(InetSocketAddress address, String target, Listener listener, int receiveBuffer) {
        try {
            SocketChannel channel = SocketChannel.open();
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            SwarmMember member = new SwarmMember(this, channel, listener, address, target);
            execute(() -> member.connect(selector));
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /**
     * Throws what a listener has thrown.
     *
     * @throws AssertionError if one has
     */
    public void check() {
        if (failure != null) {
            throw new AssertionError("a listener of the swarm failed", failure);
        }
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::ready);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                if (restNanos > 0) {
                    LockSupport.parkNanos(restNanos);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            selector.keys().forEach(key -> ((SwarmMember) key.attachment()).cut());
            try {
                selector.close();
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    private void ready(SelectionKey key) {
        ((SwarmMember) key.attachment()).ready(key, buffer);
    }

    /** Cuts all members off with a reset and ends the thread. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
