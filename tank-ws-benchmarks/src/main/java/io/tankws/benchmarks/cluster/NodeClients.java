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

/** The clients of one node, and the thread that reads them. */
final class NodeClients implements AutoCloseable {
    private static final long DRAIN_NANOS = 5_000_000_000L;
    private static final long TURN_NANOS = 1_000_000_000L;

    private final DeliveryChecker ledger;
    private final Swarm swarm;
    private final Runnable onProgress;
    private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::read, "clients");
    private volatile long completed;
    private volatile boolean closed;

    private NodeClients(DeliveryChecker ledger, Swarm swarm, Runnable onProgress) {
        this.ledger = ledger;
        this.swarm = swarm;
        this.onProgress = onProgress;
    }

    /**
     * Connects and subscribes.
     *
     * @param onProgress called when more messages have reached all of them
     */
    static NodeClients connect(int port, int clients, String topic, int size, Runnable onProgress)
            throws IOException, UsageException {
        LoadOptions load =
                LoadOptions.parse("idle", "-p", String.valueOf(port), "-n", String.valueOf(clients), "-S", topic);
        DeliveryChecker ledger = DeliveryChecker.ofOthers(size);
        NodeClients made = new NodeClients(ledger, Swarm.connect(load, ledger), onProgress);
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
            // The selector is gone: nothing comes any more, which shows.
        }
    }

    private boolean isWanted() {
        if (ledger.completed() != completed) {
            completed = ledger.completed();
            onProgress.run();
        }
        return closed || !tasks.isEmpty();
    }

    /** How many messages have reached all of them, in a row from the first. */
    long completed() {
        return completed;
    }

    /** Looks at what is counted, on the thread that counts. */
    <T> T ask(Function<DeliveryChecker, T> question) {
        FutureTask<T> task = new FutureTask<>(() -> question.apply(ledger));
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

    /** Waits for the rest; what has not come by the end of it is lost. */
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
