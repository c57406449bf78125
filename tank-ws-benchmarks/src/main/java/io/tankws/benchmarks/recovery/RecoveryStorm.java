package io.tankws.benchmarks.recovery;

import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.DeliveryChecker;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.load.LoadOptions;
import io.tankws.benchmarks.load.Peer;
import io.tankws.benchmarks.load.Swarm;
import io.tankws.benchmarks.report.ProcFs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** One storm of clients that connect, send their position and read what they missed. */
final class RecoveryStorm {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** Time after the last expected message in which a message too many would arrive. */
    private static final long REPEAT_NANOS = 100_000_000;

    private RecoveryStorm() {}

    /**
     * Runs a storm and returns its measurement.
     *
     * @param command text by which a client recovers
     * @throws LoadException if messages are missing after a minute
     */
    static Map<String, Object> run(RecoveryOptions options, int port, long pid, String command)
            throws IOException, UsageException {
        LoadOptions load = LoadOptions.parse(
                        "idle", "-p", String.valueOf(port), "-n", String.valueOf(options.clients()))
                .withFirstText(command);
        DeliveryChecker checker = DeliveryChecker.ofOthers(options.size());
        double cpu = ProcFs.cpu(pid).total();
        long start = System.nanoTime();
        try (Swarm swarm = Swarm.connect(load, checker)) {
            double connected = secondsSince(start);
            swarm.runUntil(start + PATIENCE_NANOS, () -> checker.deliveries >= options.deliveries());
            double recovered = secondsSince(start);
            cpu = ProcFs.cpu(pid).total() - cpu;
            swarm.runUntil(System.nanoTime() + REPEAT_NANOS, () -> false);
            long missing = swarm.open(Peer.Role.SUBSCRIBER)
                    .mapToLong(peer -> options.missed() - peer.next)
                    .sum();
            if (missing > 0) {
                throw new LoadException(missing + " messages did not arrive.");
            }
            Map<String, Object> run = new LinkedHashMap<>();
            run.put("connected_s", connected);
            run.put("recovered_s", recovered);
            run.put("server_cpu_s", cpu);
            run.put("hwm_kb", (double) ProcFs.status(pid, "VmHWM"));
            run.put("lost", (double) checker.lost);
            run.put("duplicated", (double) checker.duplicated);
            run.put("reordered", (double) checker.reordered);
            run.put("corrupt", (double) checker.corrupt);
            run.put("disconnected", (double) checker.disconnected);
            return run;
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
