package io.tankws.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as one table; ratios are to the first server. */
final class MarkdownTable {
    private static final String FANOUT = "fanout";
    private static final String LATENCY = "latency";

    private MarkdownTable() {}

    static List<String> of(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("| server | deliveries/s | ratio | least to most | CPU s per million | p50 ms | p99 ms | RSS MiB |"
                + " faults |");
        lines.add("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        String first = results.runs().keySet().iterator().next();
        double base = results.median(first, FANOUT, "deliveries_per_s");
        for (String server : results.runs().keySet()) {
            double[] rates = results.values(server, FANOUT, "deliveries_per_s");
            double rate = Results.median(rates);
            lines.add("| "
                    + String.join(
                            " | ",
                            server,
                            number("%,.0f", rate),
                            number("%.2f", rate / base),
                            rates.length == 0
                                    ? "–"
                                    : number("%,.0f", rates[0]) + " to " + number("%,.0f", rates[rates.length - 1]),
                            number("%.2f", results.median(server, FANOUT, "server_cpu_s_per_million")),
                            number("%.2f", results.median(server, LATENCY, "p50_ms")),
                            number("%.2f", results.median(server, LATENCY, "p99_ms")),
                            number("%.0f", memory(results, server)),
                            String.valueOf(results.faults(server)))
                    + " |");
        }
        lines.add("");
        results.facts().forEach((name, fact) -> lines.add("- " + name + ": " + fact));
        return lines;
    }

    private static double memory(Results results, String server) {
        double kb = results.median(server, FANOUT, "rss_kb");
        return (Double.isNaN(kb) ? results.median(server, LATENCY, "rss_kb") : kb) / 1024;
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "–";
    }
}
