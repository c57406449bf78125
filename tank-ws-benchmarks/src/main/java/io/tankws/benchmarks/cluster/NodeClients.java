package io.tankws.benchmarks.cluster;

import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.DeliveryChecker;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.load.LoadOptions;
import io.tankws.benchmarks.load.Peer;
import io.tankws.benchmarks.load.Swarm;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** The clients of one node and the thread that reads them. */
final class NodeClients implements AutoCloseable {
    private static final long DRAIN_NANOS = 5_000_000_000L;
    private static final long TURN_NANOS = 1_000_000_000L;

    private final DeliveryChecker checker;
    private final Swarm swarm;
    private final Runnable onProgress;
    private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::read, "clients");
    private volatile long completed;
    private volatile boolean closed;

    private NodeClients(DeliveryChecker checker, Swarm swarm, Runnable onProgress) {
        this.checker = checker;
        this.swarm = swarm;
        this.onProgress = onProgress;
    }

    /**
     * Connects and subscribes the clients.
     *
     * @param onProgress called when more messages have reached all clients
     */
    static NodeClients connect(int port, int clients, String topic, int size, Runnable onProgress)
            throws IOException, UsageException {
        LoadOptions load =
                LoadOptions.parse("idle", "-p", String.valueOf(port), "-n", String.valueOf(clients), "-S", topic);
        DeliveryChecker checker = DeliveryChecker.ofOthers(size);
        NodeClients made = new NodeClients(checker, Swarm.connect(load, checker), onProgress);
        made.thread.setDaemon(true);
        made.thread.start();
        return made;
    }

    private void read() {
        try {
            while (!closed) {
                swarm.runUntil(System.nanoTime() + TURN_NANOS, this::isWanted);
                for (FutureTask<?> task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            swarm.close();
        } catch (IOException e) {
            // The selector has failed. The result then shows missing messages.
        }
    }

    private boolean isWanted() {
        if (checker.completed() != completed) {
            completed = checker.completed();
            onProgress.run();
        }
        return closed || !tasks.isEmpty();
    }

    /** Returns the number of messages, counted from the first without a gap, that have reached all clients. */
    long completed() {
        return completed;
    }

    /** Reads the counters on the thread that writes them. */
    <T> T ask(Function<DeliveryChecker, T> question) {
        FutureTask<T> task = new FutureTask<>(() -> question.apply(checker));
        tasks.add(task);
        swarm.wakeUp();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("Interrupted.");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits for the remaining messages. Later ones count as lost. */
    void drain(long published) {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (missing(published) > 0 && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        long missing = missing(published);
        ask(counts -> counts.lost += missing);
    }

    private long missing(long published) {
        return ask(counts -> swarm.open(Peer.Role.SUBSCRIBER)
                .mapToLong(peer -> published - peer.next)
                .sum());
    }

    @Override
    public void close() {
        closed = true;
        swarm.wakeUp();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
