package io.tankws.benchmarks.cluster;

import io.tankws.benchmarks.report.MarkdownTable;
import io.tankws.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tables of the cost of a cluster, with medians. */
final class ClusterTables {
    private static final String RATE = "messages_per_s";
    private static final String THROUGHPUT = ClusterVariant.THROUGHPUT;
    private static final String LATENCY = ClusterVariant.LATENCY;

    private final ClusterCostOptions options;
    private final Results results;
    private final List<String> lines = new ArrayList<>();

    private ClusterTables(ClusterCostOptions options, Results results) {
        this.options = options;
        this.results = results;
    }

    static List<String> of(ClusterCostOptions options, Results results) {
        ClusterTables tables = new ClusterTables(options, results);
        if (options.modes().contains(THROUGHPUT)) {
            tables.throughput();
        }
        if (options.modes().contains(LATENCY)) {
            tables.latency();
        }
        if (options.nodes().contains(1)) {
            tables.echo();
        }
        results.facts().forEach((name, fact) -> tables.lines.add("- " + name + ": " + fact));
        tables.lines.add("- load: messages of " + options.size() + " bytes; throughput with " + options.window()
                + " on their way at most, latency at " + MarkdownTable.number("%.0f", options.rate())
                + " messages a second, to all clients of a node at "
                + MarkdownTable.number("%.0f", options.fanoutRate()) + "; "
                + MarkdownTable.number("%.1f", options.seconds()) + " s after "
                + MarkdownTable.number("%.1f", options.warmUp()) + " s of warming up; " + options.rounds() + " rounds");
        return tables.lines;
    }

    private void row(String... cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    private void throughput() {
        row(
                "published to",
                "subscribers of each",
                "messages/s",
                "least to most",
                "deliveries/s",
                "publisher's CPU µs",
                "another node's",
                "Redis'",
                "Redis' cores",
                "bytes out of Redis",
                "clients' cores",
                "faults");
        row("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        for (int clients : options.audiences()) {
            for (int nodes : options.nodes()) {
                throughput(nodes == 1 ? "1 node, itself" : nodes + " nodes", clients, cluster(nodes, clients));
            }
            throughput("no cluster", clients, ClusterVariant.alone(clients));
        }
        for (int receivers : options.receivers()) {
            throughput("bare Redis, " + receivers + " connections", 0, ClusterVariant.baseline(receivers));
        }
        lines.add("");
        lines.add("CPU time and bytes are for each message that was published; the publisher is one of the nodes, and"
                + " hears itself what it publishes. CPU time of processes, all their threads.");
        lines.add("");
    }

    private static String cluster(int nodes, int clients) {
        return ClusterVariant.cluster(nodes, clients);
    }

    private void throughput(String to, int clients, String name) {
        double[] rates = results.values(name, THROUGHPUT, RATE);
        row(
                to,
                clients == 0 ? "–" : String.valueOf(clients),
                figure("%,.0f", name, THROUGHPUT, RATE),
                rates.length == 0
                        ? "–"
                        : MarkdownTable.number("%,.0f", rates[0]) + " to "
                                + MarkdownTable.number("%,.0f", rates[rates.length - 1]),
                figure("%,.0f", name, THROUGHPUT, "deliveries_per_s"),
                figure("%,.1f", name, THROUGHPUT, "publisher_cpu_us"),
                figure("%,.1f", name, THROUGHPUT, "receiver_cpu_us"),
                figure("%,.1f", name, THROUGHPUT, "redis_cpu_us"),
                figure("%.2f", name, THROUGHPUT, "redis_cpu_share"),
                figure("%,.0f", name, THROUGHPUT, "redis_bytes_out"),
                figure("%.2f", name, THROUGHPUT, "client_cpu_share"),
                String.valueOf(results.faults(name)));
    }

    private String figure(String format, String name, String mode, String field) {
        return MarkdownTable.number(format, results.median(name, mode, field));
    }

    private void latency() {
        row(
                "way",
                "p50 ms",
                "p99 ms",
                "p50 to bare Redis",
                "least to most",
                "p50 to bare Redis and WebSocket",
                "p99 to bare Redis",
                "publisher's CPU µs",
                "another node's",
                "Redis'",
                "faults");
        row("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        for (String way : List.of(
                ClusterVariant.ONE,
                ClusterVariant.OWN,
                ClusterVariant.RELAY,
                ClusterVariant.DIRECT,
                ClusterVariant.DIRECT_SHARED)) {
            latency(way, ClusterVariant.DIRECT, ClusterVariant.RELAY);
        }
        if (options.clusterNodes() > 1) {
            for (String way : List.of(ClusterVariant.OTHER, ClusterVariant.RELAY_OTHER, ClusterVariant.DIRECT_OTHER)) {
                latency(way, ClusterVariant.DIRECT_OTHER, ClusterVariant.RELAY_OTHER);
            }
        }
        lines.add("");
        lines.add("From when a message is published to when its client has it, or on bare Redis, the listener. Ratios"
                + " are medians of the rounds', to what reaches the same process, or another one.");
        lines.add("");
    }

    private void latency(String way, String direct, String relay) {
        double[] ratios = ratios(way, direct, "p50_ms");
        row(
                way,
                figure("%.3f", way, LATENCY, "p50_ms"),
                figure("%.3f", way, LATENCY, "p99_ms"),
                MarkdownTable.number("%.2f", Results.median(ratios)),
                ratios.length == 0
                        ? "–"
                        : MarkdownTable.number("%.2f", ratios[0]) + " to "
                                + MarkdownTable.number("%.2f", ratios[ratios.length - 1]),
                MarkdownTable.number("%.2f", Results.median(ratios(way, relay, "p50_ms"))),
                MarkdownTable.number("%.2f", Results.median(ratios(way, direct, "p99_ms"))),
                figure("%,.0f", way, LATENCY, "publisher_cpu_us"),
                figure("%,.0f", way, LATENCY, "receiver_cpu_us"),
                figure("%,.0f", way, LATENCY, "redis_cpu_us"),
                String.valueOf(results.faults(way)));
    }

    /** Returns the values of the rounds in ascending order, without rounds that have no value. */
    private double[] ratios(String way, String base, String field) {
        double[] values = results.inOrder(way, LATENCY, field);
        double[] bases = results.inOrder(base, LATENCY, field);
        if (values.length != bases.length) {
            return new double[0];
        }
        Arrays.setAll(values, i -> values[i] / bases[i]);
        Arrays.sort(values);
        return values;
    }

    private void echo() {
        row(
                "subscribers",
                "messages/s without",
                "with cluster",
                "ratio",
                "CPU µs without",
                "with cluster",
                "ratio",
                "with Redis' besides",
                "ratio",
                "p50 ms without",
                "with cluster");
        row("--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        if (options.modes().contains(THROUGHPUT)) {
            for (int clients : options.audiences()) {
                echo(clients, THROUGHPUT, ClusterVariant.alone(clients), cluster(1, clients));
            }
        }
        if (options.modes().contains(LATENCY)) {
            echo(1, LATENCY, ClusterVariant.ONE, ClusterVariant.OWN);
        }
        if (options.modes().contains(ClusterVariant.FANOUT)) {
            echo(options.clients(), ClusterVariant.FANOUT, ClusterVariant.ONE, ClusterVariant.OWN);
        }
        lines.add("");
        lines.add(
                "Cost of the path through Redis for a node that receives only its own messages: at full throughput, and at"
                        + " a rate.");
        lines.add("");
    }

    private void echo(int clients, String mode, String without, String with) {
        double rate = results.median(without, mode, RATE);
        double cpu = results.median(without, mode, "publisher_cpu_us");
        double more = results.median(with, mode, "publisher_cpu_us");
        double all = more + results.median(with, mode, "redis_cpu_us");
        row(
                String.valueOf(clients),
                MarkdownTable.number("%,.0f", rate),
                figure("%,.0f", with, mode, RATE),
                MarkdownTable.number("%.2f", results.median(with, mode, RATE) / rate),
                MarkdownTable.number("%,.1f", cpu),
                MarkdownTable.number("%,.1f", more),
                MarkdownTable.number("%.2f", more / cpu),
                MarkdownTable.number("%,.1f", all),
                MarkdownTable.number("%.2f", all / cpu),
                figure("%.3f", without, mode, "p50_ms"),
                figure("%.3f", with, mode, "p50_ms"));
    }
}
