package io.tankws.benchmarks.jmh;

import io.tankws.Client;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A publish to one of many topics with one subscriber each, in random order. */
public class TopicIndexBenchmark extends CoreBenchmark {
    private static final int CLIENTS = 1000;

    /** Number of topics. Each client has at most a hundred of them. */
    @Param({"1", "1000", "100000"})
    int topics;

    private final String data = "x".repeat(128);
    private final List<String> names = new ArrayList<>();
    private int next;

    /** Creates the benchmark; called by JMH. */
    public TopicIndexBenchmark() {}

    @Setup
    public void connect() throws InterruptedException {
        sinks = new Sinks(CLIENTS);
        List<Client> clients = sinks.clients;
        for (int i = 0; i < topics; i++) {
            names.add("user/" + i);
            clients.get(i % CLIENTS).subscribe(names.get(i));
        }
        Collections.shuffle(names, new Random(1));
    }

    @Benchmark
    public void publish() {
        sinks.manager.broadcastTopicMessage(names.get(next), data);
        next = (next + 1) % topics;
    }
}
