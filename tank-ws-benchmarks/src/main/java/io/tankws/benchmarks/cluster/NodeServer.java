package io.tankws.benchmarks.cluster;

import com.sun.management.OperatingSystemMXBean;
import io.tankws.benchmarks.load.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The process of one node that {@link ClusterCost} measures. Each line of its standard input is a command. It answers
 * each command except {@code seen} with one line of JSON, and ends when its input ends.
 */
final class NodeServer {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final PublishPath way;
    private final int size;
    private NodePublishing publishing;

    private NodeServer(PublishPath way, int size) {
        this.way = way;
        this.size = size;
    }

    /**
     * Serves until its input ends.
     *
     * @param arguments the kind of {@link PublishPath}, the transport's name, the URI of Redis, the cluster's name, and
     *     the size of messages
     */
    public static void main(String[] arguments) throws IOException {
        try (PublishPath way = PublishPath.start(arguments[0], arguments[1], arguments[2], arguments[3])) {
            System.out.println("port " + way.port());
            new NodeServer(way, Integer.parseInt(arguments[4])).serve();
        }
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("seen")) {
                publishing.seen(Long.parseLong(words[1]));
            } else {
                Map<String, Number> answer = new LinkedHashMap<>();
                obey(words, answer);
                System.out.println(json(answer));
            }
        }
        if (publishing != null) {
            publishing.stop();
        }
    }

    private void obey(String[] words, Map<String, Number> answer) {
        switch (words[0]) {
            case "prepare" ->
                publishing = new NodePublishing(
                        way, words[1], size, Integer.parseInt(words[2]), Double.parseDouble(words[3]));
            case "listen" ->
                way.listen(words[1], Integer.parseInt(words[2]), Boolean.parseBoolean(words[3]), publishing);
            case "count" -> answer.put("count", way.subscribers(words[1]));
            // This message has its own array, because the publishing thread uses the shared one.
            case "hello" -> way.publish(words[1], new Payload(size).stamp(Payload.HELLO, 0));
            case "start" -> publishing.start();
            case "record" -> way.record();
            case "sample" -> sample(answer);
            case "stop" -> {
                publishing.stop();
                sample(answer);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void sample(Map<String, Number> answer) {
        answer.put("nanos", System.nanoTime());
        answer.put("cpu_ns", PROCESS.getProcessCpuTime());
        if (publishing != null) {
            answer.put("published", publishing.published());
            answer.put("failed", publishing.failed());
        }
        answer.putAll(way.figures());
    }

    private static String json(Map<String, Number> fields) {
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
