package io.tankws.benchmarks.load;

import io.tankws.benchmarks.CommandLine;
import io.tankws.benchmarks.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The options of {@link LoadGenerator}.
 *
 * @param subscribers subscribers, or idle connections
 * @param size bytes of each message
 * @param window maximum number of messages in flight, if there is no rate
 * @param rate messages per second, or 0 if only the window limits them
 * @param stuck subscribers that never read
 * @param firstText text that each subscriber sends first, or empty
 * @param pid id of the server's process, or 0 if unknown
 * @param gcLog garbage collection log of the server's JVM, or empty
 * @param settleMillis milliseconds between the last handshake and the first message
 * @param label copied to the result
 */
public record LoadOptions(
        Mode mode,
        int port,
        String path,
        int subscribers,
        int size,
        int window,
        double rate,
        double seconds,
        double warmUp,
        int stuck,
        String firstText,
        long pid,
        String gcLog,
        int settleMillis,
        String label) {

    enum Mode {
        FANOUT,
        LATENCY,
        IDLE,
        SLOW;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String USAGE = """
            Loads a WebSocket server on this machine and prints one line of JSON.

              fanout|latency|idle|slow   what to measure: throughput; latency at a rate; idle connections; throughput,
                                         or with -r latency, beside subscribers that never read
              -p PORT       port on 127.0.0.1; default 8080
              -P PATH       path; default /ws
              -n COUNT      subscribers, or idle connections; default 100
              -s BYTES      size of a message, 38 to 65000; default 128
              -w COUNT      messages that may be on their way at once, without -r; default 1
              -r RATE       messages per second, whatever comes back; needed for latency
              -t SECONDS    how long to measure; default 5
              -u SECONDS    how long to warm up before; default 2
              -k COUNT      subscribers that never read, for slow; default 0
              -S TOPIC      each subscriber sends sub:TOPIC first
              -i PID        process of the server, to account its CPU time and memory
              -g FILE       what its JVM writes by -Xlog:gc,gc+phases:file=FILE, to account its pauses
              -d MILLIS     pause between the last handshake and the first message; default 500
              -l LABEL      copied to the result""";

    /** One connection uses one descriptor, and systems rarely allow more by default. */
    public static final int MAX_CONNECTIONS = 20_000;

    static final int MAX_WINDOW = 1 << 15;
    private static final int MAX_MESSAGE = 65_000;
    private static final int FASTEST_RATE = 1_000_000;
    private static final int MAX_SECONDS = 3600;
    private static final int MAX_TEXT = 200;
    private static final Set<String> KNOWN =
            Set.of("-p", "-P", "-n", "-s", "-w", "-r", "-t", "-u", "-k", "-S", "-i", "-g", "-d", "-l");

    public static LoadOptions parse(String... arguments) throws UsageException {
        Mode mode = Arrays.stream(Mode.values())
                .filter(known -> arguments.length > 0 && known.word().equals(arguments[0]))
                .findAny()
                .orElseThrow(() -> new UsageException("The first word is fanout, latency, idle or slow."));
        CommandLine given = new CommandLine(KNOWN, List.of(arguments).subList(1, arguments.length));
        LoadOptions options = new LoadOptions(
                mode,
                given.count("-p", 8080, 1, 65535),
                word(given, "-P", "/ws"),
                given.count("-n", 100, 1, MAX_CONNECTIONS),
                given.count("-s", 128, Payload.HEAD, MAX_MESSAGE),
                given.count("-w", 1, 1, MAX_WINDOW),
                given.number("-r", 0, 0, FASTEST_RATE),
                given.number("-t", 5, 0.1, MAX_SECONDS),
                given.number("-u", 2, 0, MAX_SECONDS),
                given.count("-k", 0, 0, MAX_CONNECTIONS),
                given.all("-S").isEmpty() ? "" : "sub:" + word(given, "-S", ""),
                given.count("-i", 0, 0, Integer.MAX_VALUE),
                given.text("-g", ""),
                given.count("-d", 500, 0, 60_000),
                word(given, "-l", ""));
        if (mode == Mode.LATENCY && options.rate == 0) {
            throw new UsageException("The mode latency requires a rate, as in -r 100.");
        }
        if (options.rate > 0 && options.rate < 1) {
            // At a lower rate, a pause between two messages would look like a server that stalls.
            throw new UsageException("The option -r must be at least 1.");
        }
        if (options.connections() > MAX_CONNECTIONS) {
            throw new UsageException("There can be " + MAX_CONNECTIONS + " connections at most.");
        }
        return options;
    }

    /** Returns the same options with another first text of each subscriber. */
    public LoadOptions withFirstText(String text) {
        return new LoadOptions(
                mode,
                port,
                path,
                subscribers,
                size,
                window,
                rate,
                seconds,
                warmUp,
                stuck,
                text,
                pid,
                gcLog,
                settleMillis,
                label);
    }

    /** Returns the number of connections, including the publisher. */
    int connections() {
        return subscribers + stuck + (mode == Mode.IDLE ? 0 : 1);
    }

    boolean openLoop() {
        return rate > 0;
    }

    private static String word(CommandLine given, String name, String otherwise) throws UsageException {
        String text = given.text(name, otherwise);
        if (text.length() > MAX_TEXT || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new UsageException("The option " + name + " requires a short word in ASCII.");
        }
        return text;
    }
}
