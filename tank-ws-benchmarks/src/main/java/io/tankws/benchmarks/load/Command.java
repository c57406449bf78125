package io.tankws.benchmarks.load;

import io.tankws.benchmarks.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * The work of a program that measures.
 *
 * @param <X> checked exception that the work throws besides those that are reported; none by default
 */
public interface Command<X extends Exception> {
    /** Exit status of a program that could not measure something. */
    int FAILURE = 1;
    /** Exit status of a program with a wrong option. */
    int WRONG_USE = 2;

    /** Does the work. Returns the exit status. */
    int run() throws UsageException, IOException, X;

    /** Does the work, or shows how to use the program, and reports failures. Returns the exit status. */
    static <X extends Exception> int start(
            PrintStream out, PrintStream err, String usage, List<String> arguments, Command<X> command) throws X {
        if (arguments.contains("--help")) {
            out.println(usage);
            return 0;
        }
        try {
            return command.run();
        } catch (UsageException e) {
            err.println(e.getMessage() + " See --help.");
            return WRONG_USE;
        } catch (LoadException | IOException e) {
            err.println(e.getMessage());
            return FAILURE;
        }
    }
}
