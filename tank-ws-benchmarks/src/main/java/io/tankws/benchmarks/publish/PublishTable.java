package io.tankws.benchmarks.publish;

import io.tankws.benchmarks.report.MarkdownTable;
import io.tankws.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.List;

/** The table of the cost of publishing, with medians. */
final class PublishTable {
    private PublishTable() {}

    static List<String> of(PublishCostOptions options, Results results) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| transport | topics | subscribers of each | CPU ns | ratio | least to most | to bare | wall ns | ratio"
                        + " | server's CPU ns | bytes allocated |");
        lines.add("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (String transport : results.runs().keySet()) {
            for (int subscribers : options.fanouts()) {
                String mode = PublishServer.mode(1, subscribers);
                String first = PublishServer.mode(1, options.fanouts().get(0));
                lines.add(line(results, transport, "1", subscribers, mode, first));
                if (options.history() > 0) {
                    String kept = PublishServer.modeWithHistory(subscribers);
                    lines.add(line(results, transport, "1 with history", subscribers, kept, mode));
                }
            }
            String unheard = PublishServer.mode(0, 0);
            lines.add(line(results, transport, "0", 0, unheard, unheard));
            lines.add(small(results, transport, 1));
            if (options.topics() > options.carriers()) {
                lines.add(small(results, transport, options.carriers()));
            }
            if (options.topics() > 1) {
                lines.add(small(results, transport, options.topics()));
            }
        }
        lines.add("");
        lines.add("For each subscriber and publish; without a subscriber, for each publish. Medians of "
                + options.rounds() + " rounds in one run. CPU time of the publishing thread, and of the whole"
                + " server where many are served; bytes of all its threads. The"
                + " ratio of a topic with history is to the topic without.");
        lines.add("");
        results.facts().forEach((name, fact) -> lines.add("- " + name + ": " + fact));
        lines.add("- load: " + options.connections() + " connections, all reading; messages of " + options.size()
                + " bytes; each publish after the one before was read");
        return lines;
    }

    /** Returns the line of topics of one subscriber each. */
    private static String small(Results results, String transport, int topics) {
        String first = PublishServer.mode(1, 1);
        return line(results, transport, String.valueOf(topics), 1, PublishServer.mode(topics, 1), first);
    }

    /** Returns a line with the ratio to another kind of topics. */
    private static String line(
            Results results, String transport, String topics, int subscribers, String mode, String first) {
        double cpu = results.median(transport, mode, "cpu_ns");
        double wall = results.median(transport, mode, "wall_ns");
        double[] all = results.values(transport, mode, "cpu_ns");
        return "| "
                + String.join(
                        " | ",
                        transport,
                        topics,
                        String.valueOf(subscribers),
                        MarkdownTable.number("%,.0f", cpu),
                        MarkdownTable.number("%.2f", cpu / results.median(transport, first, "cpu_ns")),
                        all.length == 0
                                ? "–"
                                : MarkdownTable.number("%,.0f", all[0]) + " to "
                                        + MarkdownTable.number("%,.0f", all[all.length - 1]),
                        MarkdownTable.number("%.2f", cpu / results.median(TopicServer.BASELINE, mode, "cpu_ns")),
                        MarkdownTable.number("%,.0f", wall),
                        MarkdownTable.number("%.2f", wall / results.median(transport, first, "wall_ns")),
                        subscribers > 1
                                ? MarkdownTable.number("%,.0f", results.median(transport, mode, "server_cpu_ns"))
                                : "–",
                        MarkdownTable.number("%,.1f", results.median(transport, mode, "bytes")))
                + " |";
    }
}
