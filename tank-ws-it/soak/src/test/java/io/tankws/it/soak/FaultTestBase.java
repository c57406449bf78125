package io.tankws.it.soak;

import io.tankws.testkit.FaultProxy;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server behind faulty networks, whose threads and descriptors must be the same before and after each test. */
abstract class FaultTestBase {
    private final String transport;
    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private Resources cold;
    private Resources warm;
    private FaultyServer server;

    FaultTestBase(String transport) {
        this.transport = transport;
    }

    @BeforeEach
    final void start() {
        try (FaultyServer first = new FaultyServer(transport)) {
            first.serveAFreshPair("nothing");
        }
        cold = Resources.now();
        server = new FaultyServer(transport);
        server.serveAFreshPair("nothing");
        server.awaitNoClient("the first pair");
        warm = Resources.now();
    }

    @AfterEach
    final void endWithoutATrace() throws Exception {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
            server.assertAccounts();
            server.serveAFreshPair("all");
            server.assertAccounts();
            warm.awaitDescriptors(0, "all");
        } finally {
            server.close();
        }
        cold.awaitAll();
    }

    final FaultyServer server() {
        return server;
    }

    final Resources warm() {
        return warm;
    }

    final <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    final FaultProxy proxy() {
        return closing(new FaultProxy(server.address()));
    }

    /** Runs all tasks at the same time and waits for all of them. */
    static void together(List<Callable<Void>> tasks) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdown();
        }
    }
}
