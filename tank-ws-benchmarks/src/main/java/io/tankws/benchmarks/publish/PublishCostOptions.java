package io.tankws.benchmarks.publish;

import io.tankws.benchmarks.CommandLine;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.LoadOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The options of {@link PublishCost}.
 *
 * @param transports transports to measure, one after the other
 * @param fanouts numbers of subscribers, one for each large topic
 * @param topics number of topics with one subscriber each
 * @param size bytes of each message without its envelope
 * @param history number of publications in the history of one more topic for each large topic, or 0
 * @param rounds measured rounds, each with all topics
 * @param warmUp rounds before the measurement
 * @param deliveries deliveries of each large topic in one round, with at least one publish
 * @param publishes to topics of one subscriber in one round
 * @param unheard publishes to a topic without subscribers in one round
 * @param flags flags of each server's JVM
 */
record PublishCostOptions(
        List<String> transports,
        List<Integer> fanouts,
        int topics,
        int size,
        int history,
        int rounds,
        int warmUp,
        int deliveries,
        int publishes,
        int unheard,
        List<String> flags) {

    static final String USAGE = """
            Measures what a server's own publishing to topics costs it, with real connections, and prints a table.

              --transports LIST     default jetty,java-websocket,bare; the last is no server, but its bytes written to as
                                    many sockets one after the other
              --subscribers LIST    of one topic each; ratios are to the first; default 1000,10000,15000
              --topics COUNT        with one subscriber each, on at most 1000 of the connections; default 100000
              --size BYTES          of each message; default 128
              --history COUNT       publications in the history of one more topic for each of --subscribers, which is
                                    compared with the topic without a history; default 0, which leaves it out
              --rounds COUNT        in each, every kind of topic has its turn; default 9
              --warm-up COUNT       rounds before, not counted; default 5
              --deliveries COUNT    to each kind of large topic in a round; default 90000
              --publishes COUNT     to topics of one subscriber in a round; default 4000
              --unheard COUNT       publishes without a subscriber in a round; default 1000000
              --jvm FLAGS           flags of each server's JVM; default "-Xms512m -Xmx512m\"""";

    /** Number of connections that carry topics with one subscriber each. */
    private static final int CARRIERS = 1000;

    private static final int MAX = 10_000_000;
    private static final Set<String> KNOWN = Set.of(
            "--transports",
            "--subscribers",
            "--topics",
            "--size",
            "--history",
            "--rounds",
            "--warm-up",
            "--deliveries",
            "--publishes",
            "--unheard",
            "--jvm");

    static PublishCostOptions parse(List<String> arguments) throws UsageException {
        CommandLine given = new CommandLine(KNOWN, arguments);
        List<Integer> fanouts = new ArrayList<>();
        for (String count : given.text("--subscribers", "1000,10000,15000").split(",")) {
            CommandLine one = new CommandLine(KNOWN, List.of("--subscribers", count));
            fanouts.add(one.count("--subscribers", 0, 1, LoadOptions.MAX_CONNECTIONS));
        }
        return new PublishCostOptions(
                List.of(given.text("--transports", "jetty,java-websocket,bare").split(",")),
                fanouts,
                given.count("--topics", 100_000, 1, 1_000_000),
                given.count("--size", 128, 1, 65_000),
                given.count("--history", 0, 0, 1_000_000),
                given.count("--rounds", 9, 1, 1000),
                given.count("--warm-up", 5, 0, 1000),
                given.count("--deliveries", 90_000, 1, MAX),
                given.count("--publishes", 4000, 1, MAX),
                given.count("--unheard", 1_000_000, 1, 100 * MAX),
                List.of(given.text("--jvm", "-Xms512m -Xmx512m").strip().split("\\s+")));
    }

    int connections() {
        return Collections.max(fanouts);
    }

    int carriers() {
        return Math.min(CARRIERS, connections());
    }

    /** Maximum number of topics per connection. */
    int topicsPerConnection() {
        return 2 * fanouts.size() + (topics + carriers() - 1) / carriers() + 2;
    }
}
