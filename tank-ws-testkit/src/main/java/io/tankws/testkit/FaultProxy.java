package io.tankws.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * A bad network in one process: listens on a free port of the loopback interface and passes every connection on to a
 * target, with a {@link Fault} in each direction. Without faults it is transparent: bytes, half closes and resets pass
 * as they are. Needs two threads and at most 1 MiB per connection. Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 512;

    private volatile InetSocketAddress target;
    private final ServerSocket listening;
    private final Thread acceptor = new Thread(this::accept, "fault-proxy-accept");
    private final Set<FaultLink> links = ConcurrentHashMap.newKeySet();
    private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
    private volatile Fault upstream = Fault.none();
    private volatile Fault downstream = Fault.none();
    /** Faults of single connections, by the number of the connection. */
    private final Map<Integer, Fault> upstreams = new ConcurrentHashMap<>();

    private final Map<Integer, Fault> downstreams = new ConcurrentHashMap<>();
    private int accepted;
    private volatile boolean closed;

    /**
     * Listens on a free port of this machine, without faults. At most 512 connections pass at once; more wait.
     *
     * @param target where connections lead to
     */
    public FaultProxy(InetSocketAddress target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, MAX_CONNECTIONS, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /**
     * Sets the fault from clients to the target, also for the connections that are open: an end whose byte has passed
     * comes at once.
     *
     * @param fault instead of the one before
     * @return this
     */
    public FaultProxy upstream(Fault fault) {
        upstream = fault;
        links.forEach(FaultLink::endIfDue);
        return this;
    }

    /**
     * Sets the fault from the target to clients, also for the connections that are open: an end whose byte has passed
     * comes at once.
     *
     * @param fault instead of the one before
     * @return this
     */
    public FaultProxy downstream(Fault fault) {
        downstream = fault;
        links.forEach(FaultLink::endIfDue);
        return this;
    }

    /**
     * Sets the faults of one connection alone, whether it is open or still to come.
     *
     * @param connection its number, in the order in which they were accepted, from 0
     * @param up from its client to the target
     * @param down from the target to its client
     * @return this
     */
    public FaultProxy connection(int connection, Fault up, Fault down) {
        upstreams.put(connection, up);
        downstreams.put(connection, down);
        links.forEach(FaultLink::endIfDue);
        return this;
    }

    /**
     * Leads connections elsewhere from now on; those that are open stay.
     *
     * @param target instead of the one before
     * @return this
     */
    public FaultProxy target(InetSocketAddress target) {
        this.target = target;
        return this;
    }

    /**
     * Returns where it listens.
     *
     * @return a loopback address
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /**
     * Returns the number of open connections.
     *
     * @return those of which a direction has not ended
     */
    public int connections() {
        return links.size();
    }

    private void accept() {
        try {
            while (!closed) {
                room.acquire();
                pass(listening.accept());
            }
        } catch (IOException e) {
            // Closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Socket client) {
        int number = accepted++;
        FaultLink link = new FaultLink(
                client,
                () -> upstreams.getOrDefault(number, upstream),
                () -> downstreams.getOrDefault(number, downstream),
                this::remove);
        links.add(link);
        try {
            link.open(target);
        } catch (IOException e) {
            link.reset();
            remove(link);
            return;
        }
        if (closed) {
            link.close();
        }
    }

    private void remove(FaultLink link) {
        links.remove(link);
        room.release();
    }

    /** Closes every connection; when it returns, ports and threads are free. */
    @Override
    public void close() {
        closed = true;
        List<FaultLink> open = List.copyOf(links);
        open.forEach(FaultLink::close);
        acceptor.interrupt();
        try {
            listening.close();
            acceptor.join();
            for (FaultLink link : open) {
                link.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
