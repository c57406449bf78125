package io.tankws.examples;

import io.tankws.BackplaneSelectionException;
import io.tankws.LibraryVersionException;
import io.tankws.ListenException;
import io.tankws.TransportSelectionException;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The code that the main methods share. It reports a mistake in one sentence, prints the addresses when the server is
 * ready, and stops the server with the process.
 */
final class Main {
    private static final int USAGE_ERROR = 2;
    private static final int FAILURE = 1;

    /** The start of a server from a command line. */
    interface Start {
        Running start(String... arguments) throws UsageException;
    }

    /** A running server. */
    interface Running extends AutoCloseable {
        /** Returns the lines to print when the server is ready. The first one has the WebSocket address. */
        List<String> startupLines();

        @Override
        void close();
    }

    private Main() {}

    static void run(Start program, String usage, String... arguments) {
        int status = run(program, usage, System.out, System.err, arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the exit status: 0 if the server runs or the usage was printed. */
    static int run(Start program, String usage, PrintStream out, PrintStream err, String... arguments) {
        if (List.of(arguments).contains("--help")) {
            out.println(usage);
            return 0;
        }
        try {
            Running running = program.start(arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop"));
            running.startupLines().forEach(out::println);
            out.flush();
            return 0;
        } catch (UsageException e) {
            err.println(e.getMessage() + " See --help.");
            return USAGE_ERROR;
        } catch (ListenException | LibraryVersionException | TransportSelectionException e) {
            err.println(e.getMessage());
            return FAILURE;
        } catch (BackplaneSelectionException e) {
            // The text lists each backplane that was found on a line of its own.
            err.println(e.getMessage().lines().map(String::strip).collect(Collectors.joining(" ")));
            return FAILURE;
        }
    }
}
