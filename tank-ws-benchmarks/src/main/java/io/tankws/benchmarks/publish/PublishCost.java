package io.tankws.benchmarks.publish;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.UsageException;
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
    private static final int FAILURE = 1;
    private static final int WRONG_USE = 2;

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
        if (given.contains("--help")) {
            out.println(PublishCostOptions.USAGE);
            return 0;
        }
        try {
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
        } catch (UsageException e) {
            err.println(e.getMessage() + " See --help.");
            return WRONG_USE;
        } catch (LoadException | IOException e) {
            err.println(e.getMessage());
            return FAILURE;
        }
    }

    /** Returns the measurements of the server for each round and kind of topic. */
    static List<Map<String, Object>> measure(String transport, PublishCostOptions options, Path log, List<String> given)
            throws IOException, UsageException {
        List<String> arguments = new ArrayList<>(given);
        arguments.add(0, transport);
        Process process = new ProcessBuilder(
                        JavaCommand.of(options.flags(), PublishServer.class, arguments.toArray(String[]::new)))
                .redirectError(log.toFile())
                .start();
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
