package io.tankws.benchmarks.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A publish to one subscriber by content and length of the message, which determine the cost of its JSON envelope.
 * {@link OutboxBenchmark} measures the cost of sending alone.
 */
public class EnvelopeBenchmark extends CoreBenchmark {
    /** Content: {@code ascii} is copied, {@code quotes} is escaped, {@code umlauts} takes two bytes per character. */
    @Param({"ascii", "quotes", "umlauts"})
    String kind;

    @Param({"16", "128", "8192"})
    int length;

    private String data;

    /** Creates the benchmark; called by JMH. */
    public EnvelopeBenchmark() {}

    @Setup
    public void connect() throws InterruptedException {
        sinks = new Sinks(1);
        char letter = switch (kind) {
            case "quotes" -> '"';
            case "umlauts" -> '\u00e4';
            default -> 'x';
        };
        data = String.valueOf(letter).repeat(length);
    }

    @Benchmark
    public void publish() {
        sinks.manager.broadcastTopicMessage(Sinks.TOPIC, data);
    }
}
