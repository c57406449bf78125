package io.tankws.benchmarks.publish;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.tankws.benchmarks.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The server process that {@link PublishCost} measures. It prints the number of messages that its readers must receive,
 * and continues when its standard input confirms them. Each publish therefore finds empty socket buffers, and
 * measurements do not overlap.
 */
final class PublishServer {
    private static final ThreadMXBean THREADS = AllocationMeter.THREADS;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final int UNHEARD_TOPICS = 1024;

    private final PublishCostOptions options;
    private final TopicServer server;
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final String data;
    private final List<Kind> kinds = new ArrayList<>();
    private long texts;

    /** A group of topics with the same number of subscribers, measured together and published to in turn. */
    private record Kind(String mode, List<String> topics, int subscribers, int publishes) {}

    private PublishServer(PublishCostOptions options, TopicServer server) {
        this.options = options;
        this.server = server;
        data = "x".repeat(options.size());
    }

    /**
     * Measures once and ends.
     *
     * @param arguments the name of the transport, followed by the arguments of {@link PublishCost}
     */
    public static void main(String[] arguments) throws UsageException, IOException {
        List<String> all = List.of(arguments);
        PublishCostOptions options = PublishCostOptions.parse(all.subList(1, all.size()));
        try (TopicServer server = TopicServer.start(all.get(0), options)) {
            System.out.println("port " + server.port());
            new PublishServer(options, server).measure();
        }
    }

    private void measure() throws IOException {
        // The readers confirm the greetings.
        texts = options.connections();
        awaitReaders();
        subscribe();
        System.gc();
        for (int round = -options.warmUp(); round < options.rounds(); round++) {
            unheard(round);
            for (int i = 0; i < kinds.size(); i++) {
                // Each round begins with another kind, so that no kind always follows the same one.
                measure(kinds.get(Math.floorMod(round + i, kinds.size())), round);
            }
        }
        System.out.println("done");
    }

    private void subscribe() {
        for (int count : options.fanouts()) {
            large("news/" + count, mode(1, count), count);
            if (options.history() > 0) {
                large(TopicServer.KEPT + count, modeWithHistory(count), count);
            }
        }
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < options.topics(); i++) {
            topics.add("user/" + i);
            server.subscribe(i % options.carriers(), topics.get(i));
        }
        // The first topics have different connections and show the cost of using another socket each time.
        List<String> spread = topics.subList(0, Math.min(options.topics(), options.carriers()));
        for (List<String> some : List.of(topics.subList(0, 1), spread, topics)) {
            List<String> shuffled = new ArrayList<>(some);
            Collections.shuffle(shuffled, new Random(1));
            kinds.add(new Kind(mode(shuffled.size(), 1), shuffled, 1, options.publishes()));
        }
    }

    private void large(String topic, String mode, int subscribers) {
        for (int client = 0; client < subscribers; client++) {
            server.subscribe(client, topic);
        }
        kinds.add(new Kind(mode, List.of(topic), subscribers, Math.max(1, options.deliveries() / subscribers)));
    }

    /** Measures many publishes at once, because a single one is too short. */
    private void unheard(int round) {
        String[] topics = new String[UNHEARD_TOPICS];
        Arrays.setAll(topics, i -> "nobody/" + i);
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        for (int i = 0; i < options.unheard(); i++) {
            server.publish(topics[i % UNHEARD_TOPICS], data);
        }
        wall = System.nanoTime() - wall;
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        report(round, mode(0, 0), 0, options.unheard(), wall, cpu, allocated, cpu);
    }

    private void measure(Kind kind, int round) throws IOException {
        long wall = 0;
        long cpu = 0;
        long allocated = 0;
        AllocationMeter others = new AllocationMeter();
        long process = PROCESS.getProcessCpuTime();
        int first = Math.floorMod(round * kind.publishes, kind.topics.size());
        for (int i = 0; i < kind.publishes; i++) {
            String topic = kind.topics.get((first + i) % kind.topics.size());
            long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
            long cpuBefore = THREADS.getCurrentThreadCpuTime();
            long wallBefore = System.nanoTime();
            server.publish(topic, data);
            wall += System.nanoTime() - wallBefore;
            cpu += THREADS.getCurrentThreadCpuTime() - cpuBefore;
            allocated += THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
            texts += kind.subscribers;
            awaitReaders();
        }
        process = PROCESS.getProcessCpuTime() - process;
        allocated += others.allocated();
        report(round, kind.mode, kind.subscribers, kind.publishes, wall, cpu, allocated, process);
    }

    private void awaitReaders() throws IOException {
        System.out.println("texts " + texts);
        if (in.readLine() == null) {
            throw new IOException("all readers have disconnected");
        }
    }

    private static void report(
            int round, String mode, int subscribers, int publishes, long wall, long cpu, long allocated, long process) {
        double each = (double) publishes * Math.max(1, subscribers);
        if (round >= 0) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"mode\":\"%s\",\"wall_ns\":%.1f,\"cpu_ns\":%.1f,\"bytes\":%.1f,\"server_cpu_ns\":%.1f}%n",
                    mode,
                    wall / each,
                    cpu / each,
                    allocated / each,
                    process / each);
        }
    }

    /** Returns the name of a kind of topics in the results. */
    static String mode(int topics, int subscribers) {
        return topics + "x" + subscribers;
    }

    /** Returns the name of a topic with a history in the results. */
    static String modeWithHistory(int subscribers) {
        return "kept" + subscribers;
    }
}
