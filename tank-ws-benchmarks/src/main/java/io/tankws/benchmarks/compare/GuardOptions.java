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
 * The options of {@link Guard}.
 *
 * @param oldBuild directory with all jars of the build that ratios refer to
 * @param newBuild directory with all jars of the other build
 * @param rounds number of rounds, each with both builds
 * @param transports transports of the servers
 * @param windows numbers of relayed messages in flight
 * @param subscribers number of subscribers
 * @param size bytes of a message
 * @param topic whether a publish to a topic is measured too
 * @param seconds seconds of each measurement
 * @param warmUp seconds before the first measurement of a server
 * @param flags flags of each server's JVM
 * @param out file for all results
 */
record GuardOptions(
        String oldBuild,
        String newBuild,
        int rounds,
        List<String> transports,
        List<Integer> windows,
        int subscribers,
        int size,
        boolean topic,
        double seconds,
        double warmUp,
        String flags,
        Path out) {

    static final String USAGE = """
            Compares two builds of this project in several rounds, and prints the ratio of each measurement.

              --old DIR             the jars of the build that ratios refer to; required
              --new DIR             the jars of the other build; default tank-ws-benchmarks/target/app
              --rounds COUNT        in each, both builds have their turn; default 5
              --transports LIST     default jetty,java-websocket
              --windows LIST        relayed messages that may be on their way at once; default 1,16,64
              --subscribers COUNT   default 1000
              --size BYTES          of a message; default 128
              --topic yes|no        whether a publish to a topic is measured too; default yes
              --seconds SECONDS     how long each measurement takes; default 2
              --warm-up SECONDS     how long each server runs before; default 3
              --jvm FLAGS           flags of each server's JVM; default "-Xms256m -Xmx256m"
              --out FILE            the results as JSON; default tank-ws-benchmarks/target/guard.json""";

    private static final Set<String> KNOWN = Set.of(
            "--old",
            "--new",
            "--rounds",
            "--transports",
            "--windows",
            "--subscribers",
            "--size",
            "--topic",
            "--seconds",
            "--warm-up",
            "--jvm",
            "--out");

    static GuardOptions parse(String... arguments) throws UsageException {
        CommandLine given = new CommandLine(KNOWN, List.of(arguments));
        String oldBuild = given.text("--old", "");
        if (oldBuild.isEmpty()) {
            throw new UsageException("The option --old is required.");
        }
        String topic = given.text("--topic", "yes");
        if (!Set.of("yes", "no").contains(topic)) {
            throw new UsageException("The option --topic requires yes or no.");
        }
        GuardOptions options = new GuardOptions(
                oldBuild,
                given.text("--new", Results.TARGET + "app"),
                given.count("--rounds", 5, 1, 100),
                List.of(given.text("--transports", "jetty,java-websocket").split(",")),
                windows(given.text("--windows", "1,16,64")),
                given.count("--subscribers", 1000, 1, LoadOptions.MAX_CONNECTIONS - 1),
                given.count("--size", 128, 1, 65_000),
                topic.equals("yes"),
                given.number("--seconds", 2, 0.1, 600),
                given.number("--warm-up", 3, 0, 600),
                given.text("--jvm", "-Xms256m -Xmx256m"),
                Path.of(given.text("--out", Results.TARGET + "guard.json")));
        for (int window : options.windows) {
            // Checks the options of the load generator before the first server starts.
            LoadOptions.parse(options.load(window, options.seconds, 0).toArray(String[]::new));
        }
        return options;
    }

    private static List<Integer> windows(String list) throws UsageException {
        List<Integer> windows = new ArrayList<>();
        for (String count : list.split(",")) {
            CommandLine one = new CommandLine(KNOWN, List.of("--windows", count));
            windows.add(one.count("--windows", 1, 1, Integer.MAX_VALUE));
        }
        return windows;
    }

    /** Returns the arguments of the load generator. */
    List<String> load(int window, double measured, double before) {
        return List.of(
                "fanout",
                "-w",
                String.valueOf(window),
                "-n",
                String.valueOf(subscribers),
                "-s",
                String.valueOf(size),
                "-t",
                String.valueOf(measured),
                "-u",
                String.valueOf(before));
    }
}
