package io.tankws.benchmarks.jmh;

import io.tankws.Client;
import io.tankws.Message;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** A send of one encoded message to one client: outbox, write and completion. */
public class OutboxBenchmark extends CoreBenchmark {
    private final Message message = Message.text("x".repeat(128));
    private Client client;

    /** Creates the benchmark; called by JMH. */
    public OutboxBenchmark() {}

    @Setup
    public void connect() throws InterruptedException {
        sinks = new Sinks(1);
        client = sinks.clients.get(0);
    }

    @Benchmark
    public boolean send() {
        return client.send(message);
    }
}
