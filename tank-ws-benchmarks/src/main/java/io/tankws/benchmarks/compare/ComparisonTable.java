package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.report.MarkdownTable;
import io.tankws.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The results of a comparison as Markdown tables, with ratios to the first server. */
public final class ComparisonTable {
    private static final String FANOUT = "fanout";
    private static final String LATENCY = "latency";

    private ComparisonTable() {}

    public static List<String> of(Results results) {
        List<String> lines = new ArrayList<>();
        if (results.has(FANOUT) || results.has(LATENCY)) {
            lines.addAll(servers(results));
            lines.add("");
        }
        if (results.has(SlowTable.WITH)) {
            lines.addAll(SlowTable.of(results));
            lines.add("");
        }
        results.facts().forEach((name, fact) -> lines.add("- " + name + ": " + fact));
        return lines;
    }

    private static List<String> servers(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("| server | deliveries/s | ratio | least to most | CPU s per million | p50 ms | p99 ms | RSS MiB |"
                + " GC pauses | ms in all | longest ms | faults |");
        lines.add("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        String first = results.runs().keySet().iterator().next();
        double base = results.median(first, FANOUT, "deliveries_per_s");
        for (String server : results.runs().keySet()) {
            double[] rates = results.values(server, FANOUT, "deliveries_per_s");
            double rate = Results.median(rates);
            lines.add("| "
                    + String.join(
                            " | ",
                            server,
                            MarkdownTable.number("%,.0f", rate),
                            MarkdownTable.number("%.2f", rate / base),
                            rates.length == 0
                                    ? "–"
                                    : MarkdownTable.number("%,.0f", rates[0]) + " to "
                                            + MarkdownTable.number("%,.0f", rates[rates.length - 1]),
                            MarkdownTable.number("%.2f", results.median(server, FANOUT, "server_cpu_s_per_million")),
                            MarkdownTable.number("%.2f", results.median(server, LATENCY, "p50_ms")),
                            MarkdownTable.number("%.2f", results.median(server, LATENCY, "p99_ms")),
                            MarkdownTable.number("%.0f", memory(results, server)),
                            MarkdownTable.number("%.0f", either(results, server, "gc_pauses")),
                            MarkdownTable.number("%.1f", either(results, server, "gc_pause_ms")),
                            MarkdownTable.number("%.1f", longestPause(results, server)),
                            String.valueOf(results.faults(server)))
                    + " |");
        }
        return lines;
    }

    private static double memory(Results results, String server) {
        return either(results, server, "rss_kb") / 1024;
    }

    /** Returns the median of the {@code fanout} runs, or of the {@code latency} runs if there are none. */
    private static double either(Results results, String server, String field) {
        double value = results.median(server, FANOUT, field);
        return Double.isNaN(value) ? results.median(server, LATENCY, field) : value;
    }

    /** Returns the maximum of all runs instead of their median, so that a single long pause is visible. */
    private static double longestPause(Results results, String server) {
        return Stream.of(FANOUT, LATENCY)
                .flatMapToDouble(mode -> Arrays.stream(results.values(server, mode, "gc_longest_ms")))
                .max()
                .orElse(Double.NaN);
    }
}
