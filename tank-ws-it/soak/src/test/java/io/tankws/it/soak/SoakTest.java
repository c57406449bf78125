package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.testkit.ResourceUsage;
import io.tankws.testkit.Soak;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both transports at the same time under churn and faults, for {@code -Dtankws.soak=PT15S} or longer. */
class SoakTest {
    private static final Duration DURATION = Duration.parse(System.getProperty("tankws.soak", "PT15S"));
    private static final Duration WARM_UP = DURATION.dividedBy(3).compareTo(Duration.ofSeconds(20)) < 0
            ? DURATION.dividedBy(3)
            : Duration.ofSeconds(20);
    private static final long HEAP_TOLERANCE = 4 << 20;
    /** Minimum of cycles of each transport. A leak of 512 bytes a cycle then exceeds the tolerance. */
    private static final long MIN_CYCLES = 5000;
    /** Threads for user code end after ten idle seconds. */
    private static final Duration IDLE_THREADS = Duration.ofSeconds(11);

    private static final long SEED = Long.getLong("tankws.soak.seed", 42);

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void heapThreadsAndDescriptorsReturnToTheBaseline() {
        try (OperationSite jetty = site("jetty");
                OperationSite javaWebSocket = site("java-websocket")) {
            List<OperationSite> sites = List.of(jetty, javaWebSocket);
            soak(sites, WARM_UP, SEED, 1);
            ResourceUsage baseline = ResourceUsage.settled(IDLE_THREADS);
            soak(sites, DURATION.minus(WARM_UP), SEED + 1, MIN_CYCLES);
            ResourceUsage end = baseline.awaitReturn(HEAP_TOLERANCE, Duration.ofSeconds(90));
            System.out.printf("heap, threads, descriptors: %s, then %s%n", baseline, end);
        }
    }

    private static OperationSite site(String transport) {
        OperationSite site = new OperationSite(
                transport,
                settings -> settings.clientLimits(ClientLimits.builder()
                        .closeTimeout(Duration.ofSeconds(2))
                        .build()));
        site.manager.enableHeartbeat(Duration.ofSeconds(2), Duration.ofSeconds(5));
        return site;
    }

    private static void soak(List<OperationSite> sites, Duration duration, long seed, long minCycles) {
        List<CompletableFuture<Soak.Report>> soaks = sites.stream()
                .map(site -> CompletableFuture.supplyAsync(
                        () -> soak(site, duration, seed, minCycles), task -> new Thread(task, "soak").start()))
                .toList();
        List<Soak.Report> reports = soaks.stream().map(CompletableFuture::join).toList();
        System.out.printf("seed %d, %s: cycles %s%n", seed, duration, reports);
        assertTrue(
                reports.stream().allMatch(report -> report.cycles() > 0 && report.faults() > 0),
                () -> "no churn: " + reports);
    }

    private static Soak.Report soak(OperationSite site, Duration duration, long seed, long minCycles) {
        Soak.Report report = new Soak(site.manager, site.server, seed).run(duration);
        while (report.cycles() < minCycles) {
            Soak.Report more = new Soak(site.manager, site.server, seed + report.cycles()).run(duration);
            report = new Soak.Report(
                    report.cycles() + more.cycles(),
                    report.faults() + more.faults(),
                    report.deliveries() + more.deliveries());
        }
        return report;
    }
}
