package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.report.MarkdownTable;
import io.tankws.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table of the effect of clients that never read, which compares each server with itself without them. */
public final class SlowTable {
    public static final String WITH = "slow";
    public static final String WITHOUT = "slow-without";

    private SlowTable() {}

    static List<String> of(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| server | p99 ms without | with stuck readers | ratio in a round | least to most | p99.9 ms without | with"
                        + " | stuck readers left | growth MiB without | with | faults |");
        lines.add("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (String server : results.runs().keySet()) {
            lines.add("| "
                    + String.join(
                            " | ",
                            server,
                            MarkdownTable.number("%.2f", results.median(server, WITHOUT, "p99_ms")),
                            MarkdownTable.number("%.2f", results.median(server, WITH, "p99_ms")),
                            ratios(results, server),
                            MarkdownTable.number("%.2f", results.median(server, WITHOUT, "p999_ms")),
                            MarkdownTable.number("%.2f", results.median(server, WITH, "p999_ms")),
                            MarkdownTable.number("%.0f", results.median(server, WITH, "stuck_established")),
                            MarkdownTable.number("%.0f", results.median(server, WITHOUT, "rss_growth_kb") / 1024),
                            MarkdownTable.number("%.0f", results.median(server, WITH, "rss_growth_kb") / 1024),
                            String.valueOf(results.faults(server)))
                    + " |");
        }
        return lines;
    }

    /** Returns two cells: the median ratio, and the smallest and the largest ratio. */
    private static String ratios(Results results, String server) {
        double[] with = results.inOrder(server, WITH, "p99_ms");
        double[] without = results.inOrder(server, WITHOUT, "p99_ms");
        if (with.length != without.length || with.length == 0) {
            return "– | –";
        }
        double[] ratios = new double[with.length];
        for (int i = 0; i < with.length; i++) {
            ratios[i] = with[i] / without[i];
        }
        double median = Results.median(ratios);
        Arrays.sort(ratios);
        return MarkdownTable.number("%.2f", median) + " | " + MarkdownTable.number("%.2f", ratios[0]) + " to "
                + MarkdownTable.number("%.2f", ratios[ratios.length - 1]);
    }
}
