package io.tankws.benchmarks.publish;

import io.tankws.benchmarks.load.DeliveryChecker;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.load.Swarm;
import io.tankws.benchmarks.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The readers of the messages of a {@link PublishServer}. They report to it when all have been read. */
final class PublishReaders {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Swarm swarm;
    private final DeliveryChecker checker;
    private final BufferedReader said;
    private final OutputStream answers;
    private final List<String> results = new CopyOnWriteArrayList<>();
    private volatile long expected;
    private volatile boolean done;
    private volatile boolean ended;

    PublishReaders(Swarm swarm, DeliveryChecker checker, BufferedReader said, OutputStream answers) {
        this.swarm = swarm;
        this.checker = checker;
        this.said = said;
        this.answers = answers;
    }

    /** Reads until the server has finished, and returns its measurements. */
    List<Map<String, Object>> serve() throws IOException {
        Thread listener = new Thread(this::listen, "listener");
        listener.setDaemon(true);
        listener.start();
        long answered = 0;
        while (true) {
            long before = answered;
            swarm.runUntil(
                    System.nanoTime() + PATIENCE_NANOS,
                    () -> ended || expected > before && checker.otherTexts >= expected);
            if (done) {
                return parsed();
            }
            if (ended || expected == answered || checker.otherTexts < expected) {
                throw new LoadException(expected + " texts were expected, but " + checker.otherTexts + " arrived");
            }
            answered = expected;
            answers.write('\n');
            answers.flush();
        }
    }

    private List<Map<String, Object>> parsed() throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String result : results) {
            all.add(Json.object(result));
        }
        return all;
    }

    private void listen() {
        try {
            for (String line = said.readLine(); line != null && !done; line = said.readLine()) {
                if (line.startsWith("texts ")) {
                    expected = Long.parseLong(line.substring(6));
                    swarm.wakeUp();
                } else if (line.equals("done")) {
                    done = true;
                } else {
                    results.add(line);
                }
            }
        } catch (IOException e) {
            // The server has ended. The check below reports it.
        } finally {
            ended = true;
            swarm.wakeUp();
        }
    }
}
