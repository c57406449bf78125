package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.ClusterHealth;
import io.tankws.ClusterView;
import io.tankws.Manager;
import io.tankws.OutagePolicy;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/clusters.md, on the backplane in memory. */
class ClustersGuideTest extends GuideTest {
    @Test
    void aNodeCountsTheWholeCluster() throws Exception {
        String uri = "in-memory:guide";
        // region ClusterNode
        Manager tank = TankWs.builder()
                .cluster(ClusterConfig.of("demo", uri)) // such as redis://127.0.0.1:6379
                .build()
                .start();
        // endregion
        closing(tank);
        // region ClusterCounts
        ClusterView cluster = tank.cluster();
        ClusterHealth health = cluster.health();
        boolean connected = health.isUp();
        long clients = cluster.clientCount().toCompletableFuture().get(1, TimeUnit.SECONDS);
        long readers =
                cluster.topicSubscriberCount("news").toCompletableFuture().get(1, TimeUnit.SECONDS);
        // endregion
        assertTrue(connected, () -> cluster.health().detail());
        assertEquals(0, clients);
        assertEquals(0, readers);
    }

    @Test
    void aPublisherLearnsThatAMessageFailed() {
        Manager tank = closing(TankWs.builder()
                .cluster(ClusterConfig.of("guide-failure", "in-memory:guide-failure"))
                .build());
        List<String> lines = new CopyOnWriteArrayList<>();
        Consumer<String> log = lines::add;
        // region PublishFailure
        tank.broadcastTopicMessage("news", "hi").exceptionally(failure -> {
            if (failure instanceof BackplaneException e && e.reason() == BackplaneException.Reason.UNCERTAIN) {
                log.accept("the message may have reached clients");
            } else {
                log.accept("the message reached no client: " + failure.getMessage());
            }
            return null;
        });
        // endregion
        Await.until("the failure", () -> lines.size() == 1);
        assertTrue(lines.get(0).startsWith("the message reached no client"), lines::toString);
    }

    @Test
    void waitsDuringAnOutage() {
        String uri = "in-memory:guide-buffer";
        // region OutagePolicy
        ClusterConfig cluster = ClusterConfig.builder("demo", uri)
                .outagePolicy(OutagePolicy.buffer(10_000, 16 * 1024 * 1024, Duration.ofSeconds(30)))
                .build();
        // endregion
        Manager tank = closing(TankWs.builder().cluster(cluster).build().start());
        tank.broadcastMessage("sent")
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
