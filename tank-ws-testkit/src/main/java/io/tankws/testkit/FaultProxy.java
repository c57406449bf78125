package io.tankws.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Stands between clients and a server and spoils what passes, for tests of how both take it. A fault holds for all
 * connections from the call on, also for those that are open. Two threads for each connection, so for some hundred of
 * them. Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 512;

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private volatile Fault upstream = Fault.none();
    private volatile Fault downstream = Fault.none();
    private volatile boolean closed;

    /**
     * Listens on a free port of this machine.
     *
     * @param target where connections lead to
     */
    public FaultProxy(InetSocketAddress target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, MOST_CONNECTIONS, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /**
     * Returns where it listens.
     *
     * @return what clients connect to
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /**
     * Spoils what clients send.
     *
     * @param fault instead of the one before; its count of bytes includes those that have passed
     * @return this
     */
    public FaultProxy upstream(Fault fault) {
        upstream = fault;
        return this;
    }

    /**
     * Spoils what the server sends.
     *
     * @param fault instead of the one before; its count of bytes includes those that have passed
     * @return this
     */
    public FaultProxy downstream(Fault fault) {
        downstream = fault;
        return this;
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                places.acquire();
                open(client);
            } catch (IOException e) {
                // Closed, or that one client is gone.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void open(Socket client) throws IOException {
        Socket server = new Socket();
        sockets.add(client);
        sockets.add(server);
        AtomicInteger pumping = new AtomicInteger(2);
        Runnable whenDone = () -> {
            if (pumping.decrementAndGet() == 0) {
                release(client, server);
            }
        };
        try {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(pump(client, server, () -> upstream, whenDone));
            start(pump(server, client, () -> downstream, whenDone));
        } catch (IOException e) {
            release(client, server);
            throw e;
        }
        if (closed) {
            release(client, server);
        }
    }

    private static Runnable pump(Socket from, Socket to, Supplier<Fault> fault, Runnable whenDone) throws IOException {
        return new FaultPump(from, to, fault, whenDone);
    }

    private void release(Socket client, Socket server) {
        FaultPump.close(client);
        FaultPump.close(server);
        sockets.remove(server);
        if (sockets.remove(client)) {
            places.release();
        }
    }

    private void start(Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                "fault-proxy");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Closes all connections and waits until its threads are gone. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
            for (Thread thread : threads) {
                sockets.forEach(FaultPump::close);
                thread.interrupt();
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
