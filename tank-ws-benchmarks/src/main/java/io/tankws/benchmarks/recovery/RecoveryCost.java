package io.tankws.benchmarks.recovery;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.Command;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.report.Environment;
import io.tankws.benchmarks.report.MarkdownTable;
import io.tankws.benchmarks.report.Results;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the recovery of many clients that reconnect at once. The server runs in another process with a small heap.
 * This process holds all connections and reads.
 */
public final class RecoveryCost {
    private static final String FIRST = "first";
    private static final String LATER = "later";

    private final RecoveryOptions options;
    private final Path log;
    private final Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();

    private RecoveryCost(RecoveryOptions options, Path log) {
        this.options = options;
        this.log = log;
        options.transports().forEach(transport -> runs.put(transport, new ArrayList<>()));
    }

    /**
     * Measures and prints a table. Ends the process with 1 if something could not be measured, 2 for wrong options.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int status = run(System.out, System.err, Path.of(Results.TARGET), arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the exit status. */
    static int run(PrintStream out, PrintStream err, Path directory, String... arguments) {
        return Command.start(out, err, RecoveryOptions.USAGE, List.of(arguments), () -> {
            Files.createDirectories(directory);
            RecoveryCost cost = new RecoveryCost(RecoveryOptions.parse(arguments), directory.resolve("recovery.log"));
            cost.measureAll(err);
            cost.table().forEach(out::println);
            return 0;
        });
    }

    private void measureAll(PrintStream err) throws IOException, UsageException {
        List<String> transports = options.transports();
        for (int round = 0; round < options.rounds(); round++) {
            for (int i = 0; i < transports.size(); i++) {
                // Each round begins with another transport, so that no transport always follows the same one.
                String transport = transports.get((i + round) % transports.size());
                err.printf("round %d of %d: %s%n", round + 1, options.rounds(), transport);
                runs.get(transport).addAll(measure(transport));
            }
        }
    }

    private List<Map<String, Object>> measure(String transport) throws IOException, UsageException {
        List<String> command = JavaCommand.of(
                options.flags(),
                RecoveryServer.class,
                transport,
                String.valueOf(options.missed()),
                String.valueOf(options.size()));
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        // The server ends when its standard input ends, so it does not outlive this process.
        try (BufferedReader said = process.inputReader()) {
            String port = said.readLine();
            if (port == null || !port.startsWith("port ")) {
                throw new LoadException("The server on " + transport + " does not listen; " + log + " may say why.");
            }
            String recover = said.readLine();
            List<Map<String, Object>> storms = new ArrayList<>();
            for (int i = 0; i < options.storms(); i++) {
                Map<String, Object> storm = RecoveryStorm.run(
                        options, Integer.parseInt(port.substring("port ".length())), process.pid(), recover);
                storm.put("mode", i == 0 ? FIRST : LATER);
                storms.add(storm);
            }
            return storms;
        } finally {
            process.destroy();
        }
    }

    private List<String> table() {
        Results results = new Results(Environment.describe(options.flags()), runs);
        List<String> lines = new ArrayList<>();
        lines.add("| transport | storm | connected after s | recovered after s | least to most | server's CPU s |"
                + " peak RSS MiB | faults |");
        lines.add("|---|---|--:|--:|--:|--:|--:|--:|");
        for (String transport : runs.keySet()) {
            lines.add(line(results, transport, FIRST));
            if (options.storms() > 1) {
                lines.add(line(results, transport, LATER));
            }
        }
        lines.add("");
        lines.add(
                "Medians of " + options.rounds() + " rounds, each with a new server process. Times begin with the first"
                        + " connection. A later storm meets code that the JIT compiler has optimized.");
        lines.add("");
        results.facts().forEach((name, fact) -> lines.add("- " + name + ": " + fact));
        lines.add("- load: " + options.clients() + " clients, each recovering " + options.missed() + " messages of "
                + options.size() + " bytes");
        return lines;
    }

    private static String line(Results results, String transport, String storm) {
        double[] seconds = results.values(transport, storm, "recovered_s");
        return "| "
                + String.join(
                        " | ",
                        transport,
                        storm,
                        MarkdownTable.number("%.2f", results.median(transport, storm, "connected_s")),
                        MarkdownTable.number("%.2f", Results.median(seconds)),
                        MarkdownTable.number("%.2f", seconds[0]) + " to "
                                + MarkdownTable.number("%.2f", seconds[seconds.length - 1]),
                        MarkdownTable.number("%.2f", results.median(transport, storm, "server_cpu_s")),
                        MarkdownTable.number("%.0f", results.median(transport, storm, "hwm_kb") / 1024),
                        String.valueOf(results.faults(transport)))
                + " |";
    }
}
