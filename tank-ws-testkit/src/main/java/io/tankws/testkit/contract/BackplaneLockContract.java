package io.tankws.testkit.contract;

import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.TopicOptions;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.BackplaneProvider;
import io.tankws.testkit.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * No backplane calls its listener, or completes a stage, while it holds a lock that one of its methods takes: during
 * each callback another thread calls each method but {@link Backplane#close}, which waits for callbacks, and returns.
 */
public abstract class BackplaneLockContract {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final AtomicInteger NODES = new AtomicInteger();

    private final Set<Place> seen = ConcurrentHashMap.newKeySet();
    private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();

    @SuppressWarnings("NullAway.Init") // set by each test
    private Backplane backplane;

    /** For subclasses. */
    protected BackplaneLockContract() {}

    /** The callbacks. */
    private enum Place {
        ON_UP,
        ON_DOWN,
        HEARD,
        ON_MESSAGE,
        ON_READ_COMPLETE,
        PUBLISHED,
        LEASED,
        SUMMED,
        APPENDED,
        FAILED
    }

    /** Calls that another thread makes. */
    private enum Call {
        PUBLISH(backplane -> backplane.publish("probe", new byte[] {1})),
        SUBSCRIBE(backplane -> backplane.subscribe("probe", () -> {})),
        UNSUBSCRIBE(backplane -> backplane.unsubscribe("probe")),
        LEASE(backplane -> backplane.publishCounts(Map.of("probe", 1L), BackplaneLockContract.LEASE)),
        SUM_OF_OTHERS(backplane -> backplane.sumAcrossOtherNodes("probe")),
        OTHER_NODES(Backplane::otherNodes),
        APPEND(BackplaneLockContract::append),
        TOP(backplane -> backplane.history().ifPresent(history -> history.top("probe")));

        private final Consumer<Backplane> method;

        Call(Consumer<Backplane> method) {
            this.method = method;
        }
    }

    /**
     * Returns the provider under test.
     *
     * @return creates backplanes that can connect
     */
    protected abstract BackplaneProvider provider();

    /**
     * Returns where the backplane is.
     *
     * @return its URI
     */
    protected abstract String uri();

    /** Makes the backplane unavailable, so that it reports that. */
    protected abstract void breakBackplane();

    /** Makes the backplane available again. */
    protected abstract void repairBackplane();

    @AfterEach
    final void close() {
        if (backplane != null) {
            backplane.close(Await.timeout());
        }
    }

    @Test
    void noLockIsHeldDuringACallback() {
        String node = "lock" + NODES.incrementAndGet();
        backplane = provider().create(new BackplaneConfig("locks", uri(), node, node));
        backplane.start(new Listener());
        awaitSeen(Place.ON_UP);
        backplane.subscribe("c", () -> spring(Place.HEARD));
        awaitSeen(Place.HEARD);
        // With these before, what follows depends on stages that are not complete yet.
        backplane.publish("c", new byte[] {1}).whenComplete((nothing, failure) -> spring(Place.PUBLISHED));
        backplane.publishCounts(Map.of("f", 1L), LEASE).whenComplete((nothing, failure) -> spring(Place.LEASED));
        backplane.sumAcrossOtherNodes("f").whenComplete((sum, failure) -> spring(Place.SUMMED));
        append(backplane).whenComplete((result, failure) -> spring(Place.APPENDED));
        awaitSeen(Place.APPENDED);
        awaitSeen(Place.PUBLISHED, Place.LEASED, Place.SUMMED, Place.ON_MESSAGE, Place.ON_READ_COMPLETE);
        breakBackplane();
        awaitSeen(Place.ON_DOWN);
        backplane.publish("c", new byte[] {1}).whenComplete((nothing, failure) -> spring(Place.FAILED));
        awaitSeen(Place.FAILED);
        seen.remove(Place.ON_UP);
        repairBackplane();
        awaitSeen(Place.ON_UP);
        failures.forEach(failure -> {
            throw failure;
        });
    }

    /** Appends to the history, if there is one. Backplanes in memory have none here, and the stage fails. */
    private static CompletionStage<?> append(Backplane backplane) {
        Publication publication =
                Publication.builder("probe", Payload.text("x")).build();
        TopicOptions options = TopicOptions.builder().historySize(1).build();
        return backplane
                .history()
                .<CompletionStage<?>>map(history ->
                        history.append(publication, options, PublishOptions.defaults(), "t:probe", new byte[0]))
                .orElseGet(() -> CompletableFuture.completedStage(null));
    }

    /** A callback may close its own backplane, which ends without waiting for itself. */
    @Test
    void aCallbackMayCloseTheBackplane() {
        String node = "lock" + NODES.incrementAndGet();
        backplane = provider().create(new BackplaneConfig("locks", uri(), node, node));
        CompletableFuture<Void> closed = new CompletableFuture<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        backplane.start(new Listener() {
            @Override
            public void onConnected(Continuity continuity) {
                thread.complete(Thread.currentThread());
                try {
                    backplane.close(LEASE);
                    closed.complete(null);
                } catch (RuntimeException | Error e) {
                    closed.completeExceptionally(e);
                }
            }
        });
        Await.until("the callback", thread::isDone);
        Await.until(
                "the return of close",
                closed::isDone,
                () -> Arrays.toString(thread.join().getStackTrace()));
        closed.join();
        Await.until("the end of the thread", () -> !thread.join().isAlive());
    }

    private void awaitSeen(Place... places) {
        Await.until("callbacks", () -> seen.containsAll(Arrays.asList(places)), () -> "only " + seen);
    }

    private void spring(Place place) {
        if (seen.contains(place)) {
            return;
        }
        for (Call call : Call.values()) {
            CompletableFuture<Void> calling = new CompletableFuture<>();
            Thread thread = new Thread(() -> complete(call, calling), "lock-probe");
            thread.setDaemon(true);
            thread.start();
            try {
                Await.until(call + " during " + place, calling::isDone);
                calling.join();
            } catch (AssertionError e) {
                failures.add(new AssertionError(e.getMessage() + Arrays.toString(thread.getStackTrace()), e));
            }
        }
        seen.add(place);
    }

    private void complete(Call call, CompletableFuture<Void> calling) {
        try {
            call.method.accept(backplane);
            calling.complete(null);
        } catch (RuntimeException | Error e) {
            calling.completeExceptionally(e);
        }
    }

    private class Listener implements BackplaneListener {
        @Override
        public void onMessage(String channel, byte[] message) {
            spring(Place.ON_MESSAGE);
        }

        @Override
        public void onReadComplete() {
            spring(Place.ON_READ_COMPLETE);
        }

        @Override
        public void onConnected(Continuity continuity) {
            spring(Place.ON_UP);
        }

        @Override
        public void onDisconnected(Throwable cause, Duration since) {
            spring(Place.ON_DOWN);
        }

        @Override
        public void onReconnectFailed(Throwable cause) {
            // Comes as onDown does.
        }
    }
}
