package io.tankws.benchmarks.publish;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.Command;
import io.tankws.benchmarks.load.DeliveryChecker;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.load.LoadOptions;
import io.tankws.benchmarks.load.Payload;
import io.tankws.benchmarks.load.Swarm;
import io.tankws.benchmarks.report.Environment;
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
 * Measures the cost of publishing to topics for a server without incoming messages. The server runs in another process.
 * This process holds all connections and reads.
 */
public final class PublishCost {
    /** Number of publishes to one topic in a round; it takes a third of a second. */
    private static final int PUBLISHES_PER_ROUND = 90;

    private PublishCost() {}

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
        List<String> given = List.of(arguments);
        return Command.start(out, err, PublishCostOptions.USAGE, given, () -> {
            PublishCostOptions options = PublishCostOptions.parse(given);
            Files.createDirectories(directory);
            Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();
            for (String transport : options.transports()) {
                err.println(transport);
                runs.put(transport, measure(transport, options, directory.resolve("publish.log"), given));
            }
            Results results = new Results(Environment.describe(options.flags()), runs);
            PublishTable.of(options, results).forEach(out::println);
            return 0;
        });
    }

    /** Returns the measurements of the server for each round and kind of topic. */
    static List<Map<String, Object>> measure(String transport, PublishCostOptions options, Path log, List<String> given)
            throws IOException, UsageException {
        return measureServer(
                transport, options, log, JavaCommand.of(options.flags(), PublishServer.class, words(transport, given)));
    }

    /**
     * Measures one topic of a server with the libraries of another build.
     *
     * @param build directory with all jars of the build
     * @param subscribers number of subscribers of the topic
     * @param given further options of this program
     * @return the measurements of each round, under {@link #modeOfTopic}
     */
    public static List<Map<String, Object>> measureTopic(
            String transport, String build, int subscribers, Path log, List<String> given)
            throws IOException, UsageException {
        List<String> all = new ArrayList<>(List.of(
                "--subscribers",
                String.valueOf(subscribers),
                "--deliveries",
                String.valueOf(PUBLISHES_PER_ROUND * subscribers),
                "--topics",
                "1",
                "--publishes",
                "1",
                "--unheard",
                "1"));
        all.addAll(given);
        PublishCostOptions options = PublishCostOptions.parse(all);
        return measureServer(
                transport,
                options,
                log,
                JavaCommand.withLibraries(options.flags(), build, PublishServer.class, words(transport, all)));
    }

    /** Returns the mode of the measurements of one topic. */
    public static String modeOfTopic(int subscribers) {
        return PublishServer.mode(1, subscribers);
    }

    private static String[] words(String transport, List<String> given) {
        List<String> words = new ArrayList<>(given);
        words.add(0, transport);
        return words.toArray(String[]::new);
    }

    private static List<Map<String, Object>> measureServer(
            String transport, PublishCostOptions options, Path log, List<String> command)
            throws IOException, UsageException {
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        // The server ends when its standard input ends, so it does not outlive this process.
        try (BufferedReader said = process.inputReader()) {
            String first = said.readLine();
            if (first == null || !first.startsWith("port ")) {
                throw new LoadException("The server on " + transport + " does not listen; " + log + " may say why.");
            }
            LoadOptions load =
                    LoadOptions.parse("idle", "-p", first.substring(5), "-n", String.valueOf(options.connections()));
            DeliveryChecker checker = new DeliveryChecker(false, Payload.HEAD);
            try (Swarm swarm = Swarm.connect(load, checker)) {
                return new PublishReaders(swarm, checker, said, process.getOutputStream()).serve();
            }
        } finally {
            process.destroy();
        }
    }
}
