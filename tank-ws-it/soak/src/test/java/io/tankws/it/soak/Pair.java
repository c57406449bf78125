package io.tankws.it.soak;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Two nodes of one cluster in memory. One has a server and its clients, the other one publishes. */
final class Pair implements AutoCloseable {
    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    final OperationSite site;
    final Manager publisher;

    Pair(String transport, Consumer<Manager.Builder> settings) {
        ClusterConfig cluster = ClusterConfig.of("soak" + CLUSTERS.incrementAndGet(), "in-memory:soak");
        site = new OperationSite(transport, builder -> settings.accept(builder.cluster(cluster)));
        publisher = TankWs.builder()
                .greeting("")
                .farewell("")
                .cluster(cluster)
                .build()
                .start();
        Await.until(
                "the nodes to be up",
                () -> site.manager.cluster().health().isUp()
                        && publisher.cluster().health().isUp());
    }

    /** Waits until the backplane has a message. */
    static void await(CompletionStage<Void> published) {
        CompletableFuture<Void> stage = published.toCompletableFuture();
        Await.until("the backplane", stage::isDone);
        stage.join();
    }

    /** Shuts down both nodes on other threads, and waits for a bounded time. */
    @Override
    public void close() {
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                () -> {
                    publisher.shutdown(Duration.ZERO);
                    site.close();
                },
                task -> {
                    Thread thread = new Thread(task, "end-of-pair");
                    thread.setDaemon(true);
                    thread.start();
                });
        end.orTimeout(120, TimeUnit.SECONDS).join();
    }
}
