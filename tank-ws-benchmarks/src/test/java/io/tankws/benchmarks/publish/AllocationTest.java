package io.tankws.benchmarks.publish;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.jmh.Sinks;
import io.tankws.benchmarks.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A message is encoded once, and the other cost of each receiver is bounded. The test measures bytes on the heap,
 * because measured times vary.
 */
@Timeout(600)
class AllocationTest {
    private static final int RECEIVERS = 1000;
    private static final int BYTES_FOR_EACH = 64;
    private static final String DATA = "x".repeat(128);
    private static final String TEXT = "{\"topic\":\"" + Sinks.TOPIC + "\",\"data\":\"" + DATA + "\"}";
    private static final double MAX = (double) TEXT.length() / RECEIVERS + BYTES_FOR_EACH;

    /** Warm-up until the JIT compiler has optimized the code, because it may remove short-lived allocations. */
    private static final int WARM_UP = 300;

    private static final long PAUSE_NANOS = 100_000;
    private static final int PUBLISHES = 20;
    private static final int ROUNDS = 7;

    @Test
    void publishingToATopicAllocatesLittleForEachSubscriber() throws InterruptedException {
        try (Sinks sinks = new Sinks(RECEIVERS)) {
            assertLittle(median(sinks, () -> sinks.manager.broadcastTopicMessage(Sinks.TOPIC, DATA)));
        }
    }

    @Test
    void broadcastingAllocatesLittleForEachClient() throws InterruptedException {
        try (Sinks sinks = new Sinks(RECEIVERS)) {
            assertLittle(median(sinks, () -> sinks.manager.broadcastMessage(TEXT)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void publishingThroughSocketsAllocatesNoMore(String transport, @TempDir Path directory)
            throws IOException, UsageException {
        List<String> arguments = List.of(
                "--subscribers",
                String.valueOf(RECEIVERS),
                "--topics",
                "1",
                "--publishes",
                "1",
                "--unheard",
                "1",
                "--deliveries",
                String.valueOf(RECEIVERS * PUBLISHES),
                "--warm-up",
                String.valueOf(WARM_UP / PUBLISHES),
                "--rounds",
                String.valueOf(ROUNDS));
        List<Map<String, Object>> runs = PublishCost.measure(
                transport, PublishCostOptions.parse(arguments), directory.resolve("log"), arguments);
        Results results = new Results(Map.of(), Map.of(transport, runs));
        assertLittle(results.median(transport, PublishServer.mode(1, RECEIVERS), "bytes"));
    }

    /** Returns the allocated bytes per receiver and publish. */
    private static double median(Sinks sinks, Runnable publish) {
        for (int i = 0; i < WARM_UP; i++) {
            publish.run();
        }
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            awaitSent(sinks);
            AllocationMeter others = new AllocationMeter();
            long own = -AllocationMeter.THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PUBLISHES; i++) {
                publish.run();
            }
            own += AllocationMeter.THREADS.getCurrentThreadAllocatedBytes();
            awaitSent(sinks);
            rounds[round] = (double) (own + others.allocated()) / PUBLISHES / RECEIVERS;
        }
        return Results.median(rounds);
    }

    private static void awaitSent(Sinks sinks) {
        while (sinks.manager.statistics().messagesQueued() > 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void assertLittle(double bytes) {
        assertTrue(bytes > 0 && bytes <= MAX, () -> bytes + " bytes for each receiver, not " + MAX + " at most");
    }
}
