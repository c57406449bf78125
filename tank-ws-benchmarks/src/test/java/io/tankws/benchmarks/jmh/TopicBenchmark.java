package io.tankws.benchmarks.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A publish of one message to a topic: lookup, encoding, and the outbox and write of each subscriber. */
public class TopicBenchmark extends CoreBenchmark {
    /** Number of subscribers. With 0 the topic does not exist. */
    @Param({"0", "1", "1000"})
    int subscribers;

    private final String data = "x".repeat(128);

    /** Creates the benchmark; called by JMH. */
    public TopicBenchmark() {}

    @Setup
    public void connect() throws InterruptedException {
        sinks = new Sinks(subscribers);
    }

    @Benchmark
    public void publish() {
        sinks.manager.broadcastTopicMessage(Sinks.TOPIC, data);
    }
}
