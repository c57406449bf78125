package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a node from the shared history. Only some are in progress at the same time, so that a node that
 * reconnects does not flood the store. A waiting read belongs to a topic or to a subscription of this node, whose
 * numbers are bounded.
 */
final class StoreReads {
    /** Maximum number of reads in progress. Further ones wait. */
    static final int MAX_RUNNING = 64;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
    /** True while a thread starts reads. A read that is complete at once then nests no further ones. */
    private boolean starting;

    private boolean closed;

    /** Reads when there is room, and passes on the result. The caller must hold no lock. */
    <T> void submit(Supplier<CompletionStage<T>> read, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        boolean refused;
        synchronized (this) {
            refused = closed;
            if (!refused) {
                waiting.add(() -> start(read, then));
            }
        }
        if (refused) {
            then.accept(
                    null,
                    new BackplaneException(BackplaneException.Reason.NOT_RUNNING, "the manager is shut down", null));
        }
        run();
    }

    private <T> void start(Supplier<CompletionStage<T>> read, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        CompletionStage<T> stage;
        try {
            stage = read.get();
        } catch (RuntimeException | Error e) {
            stage = CompletableFuture.failedStage(e);
        }
        stage.whenComplete((result, failure) -> {
            try {
                then.accept(result, failure);
            } finally {
                synchronized (this) {
                    running--;
                }
                run();
            }
        });
    }

    private void run() {
        synchronized (this) {
            if (starting) {
                return;
            }
            starting = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = running < MAX_RUNNING ? waiting.poll() : null;
        starting = next != null;
        running += next != null ? 1 : 0;
        return next;
    }

    /** Refuses further reads. Waiting reads start and fail, because the store is closed. */
    synchronized void close() {
        closed = true;
    }
}
