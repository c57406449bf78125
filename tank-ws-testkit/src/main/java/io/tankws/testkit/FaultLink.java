package io.tankws.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection through a {@link FaultProxy}: two sockets and two threads. */
final class FaultLink {
    /** How long after an orderly end peers may take to end theirs; to close with unread bytes would be a reset. */
    private static final long FAREWELL_MILLIS = 500;

    private final Socket client;
    private final Socket server = new Socket();
    private final FaultPump upstream;
    private final FaultPump downstream;
    private final Thread upstreamThread;
    private final Thread downstreamThread;
    private final Consumer<FaultLink> onEnded;
    private final AtomicInteger pumping = new AtomicInteger(2);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean over = new AtomicBoolean();

    FaultLink(
            Socket client,
            Supplier<Fault> upstreamFault,
            Supplier<Fault> downstreamFault,
            Consumer<FaultLink> onEnded) {
        this.client = client;
        this.onEnded = onEnded;
        upstream = new FaultPump(this, client, server, upstreamFault);
        downstream = new FaultPump(this, server, client, downstreamFault);
        upstreamThread = thread(() -> pump(upstream), "fault-proxy-upstream");
        downstreamThread = thread(() -> pump(downstream), "fault-proxy-downstream");
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void pump(FaultPump pump) {
        try {
            pump.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Whichever direction ends last closes the sockets; an early end must not take the other with it.
            if (pumping.decrementAndGet() == 0) {
                close();
                onEnded.accept(this);
            }
        }
    }

    void open(InetSocketAddress target) throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        server.connect(target, (int) Await.timeout().toMillis());
        endIfDue();
        upstreamThread.start();
        downstreamThread.start();
    }

    void endIfDue() {
        upstream.endIfDue();
        downstream.endIfDue();
    }

    /** Marks the source as broken after a failed write. A read of it may report an orderly end. */
    void breakSource(Socket socket) {
        (socket == client ? upstream : downstream).breakSource();
    }

    boolean isOver() {
        return over.get();
    }

    /** Waits. The close of the connection ends the wait. */
    void pause(long nanos) throws InterruptedException {
        if (nanos > 0) {
            closed.await(nanos, TimeUnit.NANOSECONDS);
        }
    }

    void reset() {
        if (over.compareAndSet(false, true)) {
            abort(client);
            abort(server);
            close();
        }
    }

    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It was gone.
        }
    }

    void cut() {
        if (over.compareAndSet(false, true)) {
            upstream.shutdown();
            downstream.shutdown();
            // Not a timer of the JDK: its thread would stay, and keep the class loader of this class with it.
            thread(this::closeSoon, "fault-proxy-farewell").start();
        }
    }

    private void closeSoon() {
        try {
            closed.await(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    void close() {
        over.set(true);
        closed.countDown();
        close(client);
        close(server);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was gone.
        }
    }

    /** After {@link #close}. */
    void join() throws InterruptedException {
        upstreamThread.join();
        downstreamThread.join();
    }
}
