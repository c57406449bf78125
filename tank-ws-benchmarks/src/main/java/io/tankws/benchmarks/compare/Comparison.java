package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.Command;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.report.Environment;
import io.tankws.benchmarks.report.GcLog;
import io.tankws.benchmarks.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares servers. Each runs in its own process, one at a time and in several rounds, so that other load of the
 * machine affects all servers equally. Prints a table of medians and stores all numbers as JSON for {@code Chart}.
 */
public final class Comparison {
    private final ComparisonOptions options;
    private final PrintStream err;
    private final Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();

    private Comparison(ComparisonOptions options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    /**
     * Compares the servers. Ends the process with 1 if a run has no result, 2 for wrong options.
     *
     * @param arguments see {@code --help}
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        int status = run(System.out, System.err, arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the exit status. */
    static int run(PrintStream out, PrintStream err, String... arguments) throws InterruptedException {
        return Command.start(out, err, ComparisonOptions.USAGE, List.of(arguments), () -> {
            Comparison comparison = new Comparison(ComparisonOptions.parse(arguments), err);
            boolean complete = comparison.measureAll();
            Results results = new Results(comparison.facts(), comparison.runs);
            results.write(comparison.options.out());
            ComparisonTable.of(results).forEach(out::println);
            return complete ? 0 : Command.FAILURE;
        });
    }

    private boolean measureAll() throws IOException, UsageException, InterruptedException {
        List<ServerUnderTest> servers = ServerUnderTest.all(options);
        servers.forEach(tested -> runs.put(tested.name(), new ArrayList<>()));
        Files.createDirectories(options.out().toAbsolutePath().getParent());
        boolean complete = true;
        for (int round = 0; round < options.rounds(); round++) {
            for (int i = 0; i < servers.size(); i++) {
                // Each round begins with another server, so that no server always follows the same one.
                ServerUnderTest tested = servers.get((i + round) % servers.size());
                err.printf("round %d of %d: %s%n", round + 1, options.rounds(), tested.name());
                try {
                    measure(tested, round);
                } catch (LoadException e) {
                    err.println(e.getMessage());
                    complete = false;
                }
            }
        }
        return complete;
    }

    private void measure(ServerUnderTest tested, int round) throws IOException, InterruptedException {
        if (!options.modes().isEmpty()) {
            measure(tested, options.modes());
        }
        // Each run has a new server, because memory is measured too. Each round begins with the other run.
        for (int i = 0; i < options.pair().size(); i++) {
            measure(
                    tested,
                    List.of(options.pair().get((i + round) % options.pair().size())));
        }
    }

    private void measure(ServerUnderTest tested, List<List<String>> modes) throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.start(tested, sibling(tested.name() + ".log"))) {
            for (List<String> mode : modes) {
                runs.get(tested.name()).add(load(tested, server, mode));
            }
        }
    }

    private Map<String, Object> load(ServerUnderTest tested, ServerProcess server, List<String> mode)
            throws IOException, InterruptedException {
        String name = tested.name();
        List<String> arguments = new ArrayList<>(mode);
        arguments.addAll(options.common());
        arguments.addAll(List.of("-l", name, "-p", String.valueOf(server.port()), "-i", String.valueOf(server.pid())));
        if (!tested.gcLog().isEmpty()) {
            arguments.addAll(List.of("-g", tested.gcLog()));
        }
        Map<String, Object> fields = LoadProcess.run(name, arguments, options.secondsPerRun(), sibling("load.json"));
        if (mode.get(0).equals(SlowTable.WITH) && fields.get("stuck").equals(0.0)) {
            fields.put("mode", SlowTable.WITHOUT);
        }
        return fields;
    }

    private Map<String, String> facts() {
        Map<String, String> facts = Environment.describe(options.flags());
        facts.merge("flags", GcLog.FLAG, (flags, more) -> flags + " " + more);
        facts.put(
                "load",
                Stream.concat(options.modes().stream(), options.pair().stream())
                        .map(mode -> String.join(" ", mode) + " " + String.join(" ", options.common()))
                        .reduce((one, other) -> one + "; " + other)
                        .orElse(""));
        facts.put("rounds", String.valueOf(options.rounds()));
        Environment.addOtherProcesses(facts, runs.values());
        return facts;
    }

    private Path sibling(String file) {
        return options.out().toAbsolutePath().resolveSibling(file);
    }
}
