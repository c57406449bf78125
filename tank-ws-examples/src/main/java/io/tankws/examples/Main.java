package io.tankws.examples;

import io.tankws.BackplaneSelectionException;
import io.tankws.LibraryVersionException;
import io.tankws.ListenException;
import io.tankws.TransportSelectionException;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** What the examples' main methods share: one clear sentence for a mistake, one line when ready, a clean stop. */
final class Main {
    private static final int WRONG_USE = 2;
    private static final int FAILURE = 1;

    /** A server that can be started by a command line. */
    interface Start {
        Running start(String... arguments) throws UsageException;
    }

    /** A running server. */
    interface Running extends AutoCloseable {
        /** What to print when it is ready, the line with the address first. */
        List<String> greeting();

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

    /** Returns the exit status; 0 with a server running, or with the usage printed. */
    static int run(Start program, String usage, PrintStream out, PrintStream err, String... arguments) {
        if (List.of(arguments).contains("--help")) {
            out.println(usage);
            return 0;
        }
        try {
            Running running = program.start(arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop"));
            running.greeting().forEach(out::println);
            out.flush();
            return 0;
        } catch (UsageException e) {
            err.println(e.getMessage() + " --help tells more.");
            return WRONG_USE;
        } catch (ListenException | LibraryVersionException | TransportSelectionException e) {
            err.println(e.getMessage());
            return FAILURE;
        } catch (BackplaneSelectionException e) {
            // It lists what was found, a line for each.
            err.println(e.getMessage().lines().map(String::strip).collect(Collectors.joining(" ")));
            return FAILURE;
        }
    }
}
