package io.tankws.benchmarks.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What is in a message, and how long it is, decides what its JSON envelope costs. All else is as for one subscriber,
 * and {@link OutboxBenchmark} tells how little of it the sending is.
 */
public class EnvelopeBenchmark extends EngineBenchmark {
    /** {@code ascii} stays as it is, {@code quotes} is escaped throughout, {@code umlauts} takes two bytes each. */
    @Param({"ascii", "quotes", "umlauts"})
    String kind;

    @Param({"16", "128", "8192"})
    int length;

    private String data;

    /** JMH makes it. */
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
