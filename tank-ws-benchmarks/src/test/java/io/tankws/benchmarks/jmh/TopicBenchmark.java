package io.tankws.benchmarks.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** One message to a topic: found, encoded once, put into each subscriber's outbox and written. */
public class TopicBenchmark extends EngineBenchmark {
    /** With 0 the topic does not exist. */
    @Param({"0", "1", "1000"})
    int subscribers;

    private final String data = "x".repeat(128);

    /** JMH makes it. */
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
