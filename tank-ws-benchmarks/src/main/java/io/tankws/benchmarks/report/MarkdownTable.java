package io.tankws.benchmarks.report;

import java.util.Locale;

/** The cells of Markdown tables. */
public final class MarkdownTable {
    private MarkdownTable() {}

    /** Returns the formatted value, or a dash if it was not measured. */
    public static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "–";
    }
}
