package io.tankws.benchmarks.load;

import java.io.PrintStream;
import java.util.List;

/**
 * Loads a WebSocket server that relays the messages of one client to all other clients, and measures throughput,
 * latency and cost, and lost, duplicated and reordered messages.
 */
public final class LoadGenerator {
    private static final int STALLED = 3;

    private LoadGenerator() {}

    /**
     * Runs once and prints one line of JSON. Ends the process with 1 if there is no server, 2 for wrong options, and
     * 3 if messages stopped arriving.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int status = run(System.out, System.err, arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the exit status. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Command.start(out, err, LoadOptions.USAGE, List.of(arguments), () -> {
            LoadRun.Outcome outcome = LoadRun.run(LoadOptions.parse(arguments), err);
            out.println(outcome.line());
            if (outcome.stalled()) {
                err.println("No message arrived for 5 s, or the publisher was disconnected.");
            }
            return outcome.stalled() ? STALLED : 0;
        });
    }
}
