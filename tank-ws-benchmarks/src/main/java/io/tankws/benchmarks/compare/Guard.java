package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.Command;
import io.tankws.benchmarks.publish.PublishCost;
import io.tankws.benchmarks.report.Environment;
import io.tankws.benchmarks.report.Results;
import io.tankws.benchmarks.tankws.TankWsRelay;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares two builds of this project, so that a change can prove that it costs nothing. In each round, both builds
 * run the same measurements one after the other. Each round begins with the other build.
 *
 * <p>The relay of a build is its own. The server that publishes to a topic is the one of this build, with the libraries
 * of both builds, so the API that it uses must not have changed between them.
 */
public final class Guard {
    static final String OLD = "old";
    static final String NEW = "new";

    /** Seconds of load before each measurement of a server that runs already. */
    private static final double SETTLING_SECONDS = 0.5;

    /** Approximate number of rounds of {@link PublishCost} in a second, with 1000 subscribers. */
    private static final double PUBLISH_ROUNDS_PER_SECOND = 3;

    private final GuardOptions options;
    private final PrintStream err;
    private final Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();

    private Guard(GuardOptions options, PrintStream err) {
        this.options = options;
        this.err = err;
        runs.put(OLD, new ArrayList<>());
        runs.put(NEW, new ArrayList<>());
    }

    /**
     * Compares the builds. Ends the process with 1 if something could not be measured, 2 for wrong options.
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
        return Command.start(out, err, GuardOptions.USAGE, List.of(arguments), () -> {
            Guard guard = new Guard(GuardOptions.parse(arguments), err);
            guard.measureAll();
            Results results = new Results(guard.facts(), guard.runs);
            results.write(guard.options.out());
            GuardTable.of(results).forEach(out::println);
            return 0;
        });
    }

    private void measureAll() throws IOException, UsageException, InterruptedException {
        Files.createDirectories(options.out().toAbsolutePath().getParent());
        for (int round = 0; round < options.rounds(); round++) {
            for (String transport : options.transports()) {
                for (String build : round % 2 == 0 ? List.of(OLD, NEW) : List.of(NEW, OLD)) {
                    err.printf("round %d of %d: %s, %s build%n", round + 1, options.rounds(), transport, build);
                    relay(transport, build);
                    if (options.topic()) {
                        topic(transport, build);
                    }
                }
            }
        }
    }

    private String path(String build) {
        return build.equals(OLD) ? options.oldBuild() : options.newBuild();
    }

    private void relay(String transport, String build) throws IOException, InterruptedException {
        String name = "The server on " + transport + " of the " + build + " build";
        List<String> command =
                JavaCommand.ofBuild(flags(), path(build), TankWsRelay.class.getName(), transport, ServerUnderTest.PORT);
        ServerUnderTest tested = new ServerUnderTest(name, command, Map.of(), "");
        try (ServerProcess server = ServerProcess.start(tested, sibling("guard.log"))) {
            double before = options.warmUp();
            for (int window : options.windows()) {
                List<String> arguments = new ArrayList<>(options.load(window, options.seconds(), before));
                arguments.addAll(List.of("-p", String.valueOf(server.port()), "-i", String.valueOf(server.pid())));
                Map<String, Object> run =
                        LoadProcess.run(name, arguments, options.seconds() + before, sibling("guard-load.json"));
                run.put(GuardTable.PER_SECOND, run.get("deliveries_per_s"));
                // Seconds for a million deliveries are microseconds for one.
                run.put(GuardTable.CPU_MICROS, run.get("server_cpu_s_per_million"));
                record(build, transport + ", window " + window, run);
                before = SETTLING_SECONDS;
            }
        }
    }

    private void topic(String transport, String build) throws IOException, UsageException {
        double[] nanos = new double[2];
        String[] fields = {"wall_ns", "cpu_ns"};
        Results topic = new Results(Map.of(), Map.of(build, measureTopic(transport, build)));
        String mode = PublishCost.modeOfTopic(options.subscribers());
        for (int i = 0; i < fields.length; i++) {
            nanos[i] = topic.median(build, mode, fields[i]);
        }
        Map<String, Object> run = new HashMap<>();
        run.put(GuardTable.PER_SECOND, 1e9 / nanos[0]);
        run.put(GuardTable.CPU_MICROS, nanos[1] / 1e3);
        record(build, transport + ", topic", run);
    }

    private List<Map<String, Object>> measureTopic(String transport, String build) throws IOException, UsageException {
        return PublishCost.measureTopic(
                transport,
                path(build),
                options.subscribers(),
                sibling("guard.log"),
                List.of(
                        "--size",
                        String.valueOf(options.size()),
                        "--rounds",
                        String.valueOf(Math.max(1, Math.round(options.seconds() * PUBLISH_ROUNDS_PER_SECOND))),
                        "--warm-up",
                        String.valueOf(Math.round(options.warmUp() * PUBLISH_ROUNDS_PER_SECOND)),
                        "--jvm",
                        options.flags()));
    }

    private void record(String build, String row, Map<String, Object> run) {
        run.put("mode", row);
        runs.get(build).add(run);
    }

    private List<String> flags() {
        return List.of(options.flags().strip().split("\\s+"));
    }

    private Map<String, String> facts() {
        Map<String, String> facts = Environment.describe(flags());
        facts.put("old build", options.oldBuild());
        facts.put("new build", options.newBuild());
        facts.put("load", options.subscribers() + " subscribers, messages of " + options.size() + " bytes");
        facts.put("rounds", String.valueOf(options.rounds()));
        Environment.addOtherProcesses(facts, runs.values());
        return facts;
    }

    private Path sibling(String file) {
        return options.out().toAbsolutePath().resolveSibling(file);
    }
}
