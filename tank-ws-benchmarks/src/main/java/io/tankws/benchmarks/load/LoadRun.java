package io.tankws.benchmarks.load;

import io.tankws.benchmarks.report.ProcFs;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** One run of the load generator, from the first connection to its result. */
final class LoadRun {
    private static final BooleanSupplier NEVER = () -> false;

    private static final double DRAIN_SECONDS = 5;

    private final LoadOptions options;
    private final DeliveryChecker checker;
    private final Swarm swarm;
    private final PrintStream progress;
    private final Sample before;
    private final long tcpBefore;
    private final double connectSeconds;

    /**
     * The result of the run.
     *
     * @param line the result as JSON
     * @param stalled whether the run ended early because no more messages arrived
     */
    record Outcome(String line, boolean stalled) {}

    private LoadRun(
            LoadOptions options,
            DeliveryChecker checker,
            Swarm swarm,
            PrintStream progress,
            Sample before,
            long tcpBefore) {
        this.options = options;
        this.checker = checker;
        this.swarm = swarm;
        this.progress = progress;
        this.before = before;
        this.tcpBefore = tcpBefore;
        connectSeconds = (System.nanoTime() - before.nanos()) / 1e9;
    }

    static Outcome run(LoadOptions options, PrintStream progress) throws IOException {
        DeliveryChecker checker = new DeliveryChecker(options.openLoop(), options.size());
        Sample before = Sample.take(options, checker);
        long tcpBefore = ProcFs.tcpMemoryKb();
        try (Swarm swarm = Swarm.connect(options, checker)) {
            LoadRun run = new LoadRun(options, checker, swarm, progress, before, tcpBefore);
            run.pause(options.settleMillis() / 1e3);
            LoadReport report = new LoadReport(options, swarm.opened());
            switch (options.mode()) {
                case FANOUT, LATENCY -> run.fanout(report);
                case IDLE -> run.idle(report);
                case SLOW -> run.slow(report);
            }
            report.checks(options, checker, swarm.stalled());
            return new Outcome(report.line(), swarm.stalled());
        }
    }

    private void fanout(LoadReport report) throws IOException {
        Sample from;
        Sample to;
        Runnable stop = startPublishing();
        try {
            pause(options.warmUp());
            checker.recording = options.mode() == LoadOptions.Mode.LATENCY;
            from = sample();
            pause(options.seconds());
            to = sample();
        } finally {
            stop.run();
        }
        drain();
        report.throughput(from, to).pauses(options, from, to).percentiles(checker.histogram);
    }

    private void slow(LoadReport report) throws IOException {
        Sample atRest = sample();
        Sample from = atRest;
        Sample to = from;
        int established;
        Runnable stop = startPublishing();
        try {
            if (options.openLoop()) {
                pause(options.warmUp());
                checker.recording = true;
                from = sample();
                to = from;
            }
            long end = from.nanos() + (long) (options.seconds() * 1e9);
            while (to.nanos() < end && !swarm.stalled()) {
                swarm.runUntil(Math.min(end, to.nanos() + 1_000_000_000L), NEVER);
                Sample now = sample();
                double rate = (now.deliveries() - to.deliveries()) / now.secondsSince(to);
                progress.printf(
                        "t=%.0fs published=%d deliveries/s=%.0f rss=%d MB stuck_established=%d tcp_mem=%d MB%n",
                        now.secondsSince(from),
                        now.published(),
                        rate,
                        now.rssKb() / 1024,
                        stuckEstablished(),
                        ProcFs.tcpMemoryKb() / 1024);
                to = now;
            }
            established = stuckEstablished();
        } finally {
            stop.run();
        }
        drain();
        report.throughput(from, to)
                .pauses(options, from, to)
                .percentiles(checker.histogram)
                .add("rss_before_kb", atRest.rssKb())
                .add("rss_growth_kb", to.rssKb() - atRest.rssKb())
                .add("stuck_established", established);
    }

    private void idle(LoadReport report) throws IOException {
        Sample from = sample();
        pause(options.seconds());
        Sample to = sample();
        double count = swarm.opened();
        report.add("connect_per_s", count / connectSeconds, 0)
                .add("connect_cpu_us", from.serverSince(before) * 1e6 / count, 1)
                .add("rss_before_kb", before.rssKb())
                .add("rss_after_kb", from.rssKb())
                .add("rss_settled_kb", to.rssKb())
                .add("hwm_kb", to.hwmKb())
                .add("rss_per_conn_bytes", (to.rssKb() - before.rssKb()) * 1024 / count, 0)
                .add("tcp_mem_kb", ProcFs.tcpMemoryKb() - tcpBefore)
                .add("idle_cpu_per_s", to.serverSince(from) / to.secondsSince(from), 3);
    }

    /** Publishes at the rate, or without one, within the window. Returns the object that ends the publishing. */
    private Runnable startPublishing() {
        swarm.publishing(true);
        if (!options.openLoop()) {
            return () -> swarm.publishing(false);
        }
        RatePublisher pacer = RatePublisher.start(swarm.publisher(), options.rate());
        return () -> {
            pacer.stop();
            swarm.publishing(false);
        };
    }

    /** Time after which a missing message counts as lost. */
    private void drain() throws IOException {
        swarm.runUntil(nanosFromNow(DRAIN_SECONDS), () -> missing() == 0);
        checker.lost += missing();
    }

    private long missing() {
        return swarm.open(Peer.Role.SUBSCRIBER)
                .mapToLong(peer -> checker.published() - peer.next)
                .sum();
    }

    private int stuckEstablished() {
        Set<Integer> held = ProcFs.established(options.port());
        return (int) swarm.open(Peer.Role.STUCK)
                .filter(peer -> held.contains(peer.localPort))
                .count();
    }

    private void pause(double seconds) throws IOException {
        swarm.runUntil(nanosFromNow(seconds), NEVER);
    }

    private Sample sample() throws IOException {
        return Sample.take(options, checker);
    }

    private static long nanosFromNow(double seconds) {
        return System.nanoTime() + (long) (seconds * 1e9);
    }
}
