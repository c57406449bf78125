package io.tankws.benchmarks.cluster;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.report.Json;
import io.tankws.benchmarks.report.ProcFs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The process of a {@link NodeServer}, which this object controls through standard input and output. */
final class NodeProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedReader said;
    private final Writer commands;
    private int port;

    private NodeProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        said = process.inputReader();
        commands = process.outputWriter();
    }

    /**
     * Starts a node.
     *
     * @param name name for error messages
     * @param log the file for the error output of the process
     * @throws LoadException if the node does not listen
     */
    static NodeProcess start(String name, Path log, List<String> flags, String... arguments) throws IOException {
        NodeProcess node = new NodeProcess(
                name,
                new ProcessBuilder(JavaCommand.of(flags, NodeServer.class, arguments))
                        .redirectError(log.toFile())
                        .start());
        String first = node.said.readLine();
        if (first == null || !first.startsWith("port ")) {
            node.close();
            throw new LoadException(name + " does not listen; " + log + " may say why.");
        }
        node.port = Integer.parseInt(first.substring(5));
        return node;
    }

    int port() {
        return port;
    }

    double cpuSeconds() {
        return ProcFs.cpu(process.pid()).total();
    }

    /** Sends a line without a reply. Thread-safe. */
    void send(String line) {
        synchronized (commands) {
            try {
                commands.write(line + "\n");
                commands.flush();
            } catch (IOException e) {
                // The process has ended. The next request reports that.
            }
        }
    }

    /** Sends a line and returns the reply. Used by one thread. */
    Map<String, Object> ask(String line) throws IOException {
        send(line);
        String answer = said.readLine();
        if (answer == null) {
            throw new LoadException(name + " has ended.");
        }
        return Json.object(answer);
    }

    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // The process has already ended.
        }
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
