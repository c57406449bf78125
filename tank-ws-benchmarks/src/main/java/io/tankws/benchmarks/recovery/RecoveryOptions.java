package io.tankws.benchmarks.recovery;

import io.tankws.benchmarks.CommandLine;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.LoadOptions;
import io.tankws.benchmarks.load.Payload;
import java.util.List;
import java.util.Set;

/**
 * The options of {@link RecoveryCost}.
 *
 * @param transports transports to measure
 * @param clients number of clients that reconnect
 * @param missed number of messages that each client has missed
 * @param size bytes of each message without its envelope
 * @param rounds number of rounds, each with a new server process on every transport
 * @param storms number of times that all clients reconnect to one server process
 * @param flags flags of each server's JVM
 */
record RecoveryOptions(
        List<String> transports, int clients, int missed, int size, int rounds, int storms, List<String> flags) {

    static final String USAGE = """
            Measures how long many clients that reconnect take to get what they missed, and prints a table.

              --transports LIST     default jetty,java-websocket
              --clients COUNT       that reconnect; default 1000
              --missed COUNT        messages that each client has missed; default 100
              --size BYTES          of each message; default 128
              --rounds COUNT        in each, every transport has its turn with a new server; default 5
              --storms COUNT        times that all clients reconnect to one server; default 3
              --jvm FLAGS           flags of each server's JVM; default "-Xmx64m\"""";

    /** Maximum number of missed messages, which must fit into an outbox with default limits. */
    private static final int MAX_MISSED = 1000;

    private static final Set<String> KNOWN =
            Set.of("--transports", "--clients", "--missed", "--size", "--rounds", "--storms", "--jvm");

    static RecoveryOptions parse(String... arguments) throws UsageException {
        CommandLine given = new CommandLine(KNOWN, List.of(arguments));
        return new RecoveryOptions(
                List.of(given.text("--transports", "jetty,java-websocket").split(",")),
                given.count("--clients", 1000, 1, LoadOptions.MAX_CONNECTIONS),
                given.count("--missed", 100, 1, MAX_MISSED),
                given.count("--size", 128, Payload.HEAD, 65_000),
                given.count("--rounds", 5, 1, 1000),
                given.count("--storms", 3, 1, 1000),
                List.of(given.text("--jvm", "-Xmx64m").strip().split("\\s+")));
    }

    long deliveries() {
        return (long) clients * missed;
    }
}
