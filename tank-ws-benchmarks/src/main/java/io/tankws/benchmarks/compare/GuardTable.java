package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.report.MarkdownTable;
import io.tankws.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table of two builds. Each ratio is the median of the rounds' ratios. */
final class GuardTable {
    static final String PER_SECOND = "per_s";
    static final String CPU_MICROS = "cpu_us";

    private GuardTable() {}

    static List<String> of(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("| measurement | old: deliveries/s | new | ratio | least to most | old: CPU µs per delivery | new"
                + " | ratio | least to most | faults of new |");
        lines.add("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        results.runs().get(Guard.NEW).stream()
                .map(run -> (String) run.get("mode"))
                .distinct()
                .forEach(row -> lines.add(line(results, row)));
        lines.add("");
        lines.add(
                "Deliveries per second are better if the ratio is above 1, CPU time if it is below 1. CPU time is that"
                        + " of the server's process; for a topic, of the publishing thread.");
        lines.add("");
        results.facts().forEach((name, fact) -> lines.add("- " + name + ": " + fact));
        return lines;
    }

    private static String line(Results results, String row) {
        long faults = results.runs().get(Guard.NEW).stream()
                .filter(run -> row.equals(run.get("mode")))
                .mapToLong(Results::faults)
                .sum();
        return "| " + row + " | " + cells(results, row, PER_SECOND, "%,.0f") + " | "
                + cells(results, row, CPU_MICROS, "%.3f") + " | " + faults + " |";
    }

    /** Returns four cells: both medians, the median of the ratios, and the smallest and the largest ratio. */
    private static String cells(Results results, String row, String field, String format) {
        double[] before = results.inOrder(Guard.OLD, row, field);
        double[] after = results.inOrder(Guard.NEW, row, field);
        double[] ratios = new double[Math.min(before.length, after.length)];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = after[i] / before[i];
        }
        Arrays.sort(ratios);
        return String.join(
                " | ",
                MarkdownTable.number(format, Results.median(before)),
                MarkdownTable.number(format, Results.median(after)),
                MarkdownTable.number("%.3f", Results.median(ratios)),
                MarkdownTable.number("%.3f", ratios[0]) + " to "
                        + MarkdownTable.number("%.3f", ratios[ratios.length - 1]));
    }
}
