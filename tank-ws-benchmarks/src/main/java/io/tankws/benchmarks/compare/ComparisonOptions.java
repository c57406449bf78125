package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.CommandLine;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.LoadOptions;
import io.tankws.benchmarks.report.Results;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The options of {@link Comparison}.
 *
 * @param rounds number of rounds, each with all servers
 * @param modes modes of the load generator, each with its additional options
 * @param pair two modes with and without subscribers that never read, each on a new server, or an empty list
 * @param common options of the load generator in every mode
 * @param flags flags of each server's JVM
 * @param secondsPerRun seconds of warm-up and measurement
 * @param servers names of the servers to compare, or empty for all. Ratios refer to the first
 * @param commands additional servers of the user, each as NAME=COMMAND LINE
 * @param nodeModules directory of the packages of Node
 * @param out the file for all results
 */
public record ComparisonOptions(
        int rounds,
        List<List<String>> modes,
        List<List<String>> pair,
        List<String> common,
        double secondsPerRun,
        List<String> flags,
        List<String> servers,
        List<String> commands,
        Path nodeModules,
        Path out) {

    static final String USAGE = """
            Loads one server after the other on this machine, in several rounds, and prints a table of medians.

              --rounds COUNT        rounds; in each all servers have their turn; default 3
              --modes LIST          of fanout, latency, slow; default fanout,latency
              --subscribers COUNT   default 100
              --size BYTES          of a message; default 128
              --window COUNT        fanout: messages that may be on their way at once; default 8
              --rate RATE           latency, slow: messages per second; default 200
              --stuck COUNT         slow: subscribers that never read, against none; default 10
              --seconds SECONDS     how long each run measures; default 5
              --warm-up SECONDS     how long each run goes on before; default 3
              --servers LIST        names of those to compare, ratios are to the first; default all there are
              --jvm FLAGS           flags of each server's JVM; default "-Xms512m -Xmx512m"
              --command NAME=LINE   another server; {port} in its command line is its port; may be said again
              --node-modules DIR    where node finds ws; default tank-ws-benchmarks/target/node/node_modules
              --out FILE            the results as JSON; default tank-ws-benchmarks/target/comparison.json""";

    private static final Set<String> KNOWN = Set.of(
            "--rounds",
            "--modes",
            "--subscribers",
            "--size",
            "--window",
            "--rate",
            "--stuck",
            "--seconds",
            "--warm-up",
            "--servers",
            "--jvm",
            "--command",
            "--node-modules",
            "--out");

    public static ComparisonOptions parse(String... arguments) throws UsageException {
        CommandLine given = new CommandLine(KNOWN, List.of(arguments));
        List<List<String>> modes = new ArrayList<>();
        List<List<String>> pair = new ArrayList<>();
        String rate = given.text("--rate", "200");
        for (String mode : words(given.text("--modes", "fanout,latency"))) {
            switch (mode) {
                case "fanout" -> modes.add(List.of(mode, "-w", given.text("--window", "8")));
                case "latency" -> modes.add(List.of(mode, "-r", rate));
                case "slow" -> {
                    pair.add(List.of(mode, "-r", rate, "-k", "0"));
                    pair.add(List.of(
                            mode,
                            "-r",
                            rate,
                            "-k",
                            String.valueOf(given.count("--stuck", 10, 1, LoadOptions.MAX_CONNECTIONS))));
                }
                default -> throw new UsageException("The option --modes requires a list of fanout, latency, slow.");
            }
        }
        double seconds = given.number("--seconds", 5, 0.1, 600);
        double warmUp = given.number("--warm-up", 3, 0, 600);
        List<String> common = List.of(
                "-n", given.text("--subscribers", "100"),
                "-s", given.text("--size", "128"),
                "-t", String.valueOf(seconds),
                "-u", String.valueOf(warmUp));
        for (List<List<String>> some : List.of(modes, pair)) {
            for (List<String> mode : some) {
                check(mode, common);
            }
        }
        for (String command : given.all("--command")) {
            if (!command.matches("[\\w.-]+=.*\\{port\\}.*")) {
                throw new UsageException("The option --command requires NAME=LINE with {port} in the line.");
            }
        }
        return new ComparisonOptions(
                given.count("--rounds", 3, 1, 100),
                modes,
                pair,
                common,
                seconds + warmUp,
                List.of(given.text("--jvm", "-Xms512m -Xmx512m").strip().split("\\s+")),
                words(given.text("--servers", "")),
                given.all("--command"),
                Path.of(given.text("--node-modules", Results.TARGET + "node/node_modules")),
                Path.of(given.text("--out", Results.TARGET + "comparison.json")));
    }

    /** Checks the options of the load generator before the first server starts. */
    private static void check(List<String> mode, List<String> common) throws UsageException {
        List<String> all = new ArrayList<>(mode);
        all.addAll(common);
        LoadOptions.parse(all.toArray(String[]::new));
    }

    private static List<String> words(String list) {
        return list.isBlank() ? List.of() : List.of(list.split(","));
    }
}
