package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.load.LoadGenerator;
import io.tankws.benchmarks.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of the load generator in a process of its own, so that runs do not affect each other. */
final class LoadProcess {
    private static final List<String> FLAGS = List.of("-Xms128m", "-Xmx128m");

    /** Maximum duration of a run in addition to warm-up and measurement, in seconds. */
    private static final long OVERHEAD_SECONDS = 60;

    private LoadProcess() {}

    /**
     * Runs the load generator and returns its result.
     *
     * @param name name of the server
     * @param arguments arguments of the load generator
     * @param seconds seconds of warm-up and measurement
     * @param result file for the result
     * @throws LoadException if there is no result in time
     */
    static Map<String, Object> run(String name, List<String> arguments, double seconds, Path result)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        JavaCommand.of(FLAGS, LoadGenerator.class, arguments.toArray(String[]::new)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(result.toFile())
                .start();
        try {
            long limit = (long) seconds + OVERHEAD_SECONDS;
            if (!process.waitFor(limit, TimeUnit.SECONDS)) {
                throw new LoadException("The load generator did not end in " + limit + " s.");
            }
        } finally {
            process.destroyForcibly();
        }
        String line = Files.readString(result);
        if (line.isBlank()) {
            throw new LoadException(name + " could not be loaded.");
        }
        return Json.object(line);
    }
}
