package io.tankws.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.benchmarks.report.Results;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void aServerIsMeasuredAndOneThatCannotStartIsNamed() throws IOException, InterruptedException {
        Path file = directory.resolve("results.json");
        String broken = Path.of(System.getProperty("java.home"), "bin", "java") + " -no-such-flag {port}";
        int status = run(
                "--rounds",
                "1",
                "--modes",
                "fanout",
                "--subscribers",
                "2",
                "--seconds",
                "0.2",
                "--warm-up",
                "0",
                "--jvm",
                "-Xmx64m",
                "--out",
                file.toString(),
                "--command",
                "broken=" + broken,
                "--servers",
                "broken,tank-ws-java-websocket");
        assertEquals(1, status);
        assertTrue(text(err).contains("broken does not listen"), text(err));
        Results results = Results.read(file);
        assertEquals(Set.of("broken", "tank-ws-java-websocket"), results.runs().keySet());
        assertTrue(results.median("tank-ws-java-websocket", "fanout", "deliveries") > 0, text(err));
        assertTrue(results.median("tank-ws-java-websocket", "fanout", "gc_pauses") >= 0, text(err));
        assertEquals(0, results.faults("tank-ws-java-websocket"));
        assertTrue(text(out).contains("| broken | – |"), text(out));
        assertTrue(text(out).contains("- other processes: "), text(out));
    }

    @Test
    void aServerOnTheClassPathIsComparedWithAndWithoutSubscribersThatNeverRead()
            throws IOException, InterruptedException {
        Path file = directory.resolve("results.json");
        int status = run(
                "--rounds",
                "1",
                "--modes",
                "slow",
                "--subscribers",
                "2",
                "--stuck",
                "1",
                "--seconds",
                "0.3",
                "--warm-up",
                "0",
                "--jvm",
                "-Xmx64m",
                "--out",
                file.toString(),
                "--servers",
                "undertow");
        assertEquals(0, status, () -> text(err));
        Results results = Results.read(file);
        assertTrue(results.median("undertow", SlowTable.WITHOUT, "p99_ms") > 0, () -> text(out));
        assertTrue(results.median("undertow", SlowTable.WITH, "p99_ms") > 0, () -> text(out));
        assertTrue(results.median("undertow", SlowTable.WITH, "gc_pauses") >= 0, () -> text(out));
        assertEquals(0, results.faults("undertow"));
    }

    @Test
    void anUnknownServerIsAnErrorThatListsTheKnownNames() throws InterruptedException {
        assertEquals(
                2,
                run(
                        "--servers",
                        "unheard-of",
                        "--out",
                        directory.resolve("none.json").toString()));
        assertTrue(text(err).contains("tank-ws-jetty, tank-ws-java-websocket, jetty"), text(err));
    }

    private int run(String... arguments) throws InterruptedException {
        return Comparison.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
