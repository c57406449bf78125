package io.tankws.benchmarks.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCostTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void everyMeasurementHasARow() throws IOException {
        int status;
        try (TestRedis redis = TestRedis.start()) {
            status = run(
                    "--redis",
                    redis.uri(),
                    "--transport",
                    "java-websocket",
                    "--nodes",
                    "1",
                    "--clients",
                    "3",
                    "--receivers",
                    "2",
                    "--rounds",
                    "1",
                    "--seconds",
                    "0.2",
                    "--warm-up",
                    "0",
                    "--window",
                    "8",
                    "--jvm",
                    "-Xmx64m -XX:TieredStopAtLevel=1");
        }
        assertEquals(0, status, () -> text(err) + logs());
        assertRows(2, "1 node, itself");
        assertRows(3, "no cluster");
        assertRows(1, "bare Redis, 2 connections");
        assertRows(1, "cluster, the publisher's client");
        assertRows(1, "bare Redis, then no cluster");
        assertRows(1, "bare Redis");
        assertRows(1, "bare Redis, one thread");
        assertTrue(Files.exists(directory.resolve("cluster.json")));
    }

    private void assertRows(int count, String name) {
        List<String[]> rows = text(out)
                .lines()
                .filter(line -> line.startsWith("| " + name + " |"))
                .map(row -> row.split(" \\| "))
                .toList();
        assertEquals(count, rows.size(), () -> text(out));
        for (String[] cells : rows) {
            assertFalse(cells[2].equals("–"), () -> text(out));
            assertEquals("0 |", cells[cells.length - 1], () -> text(out));
        }
    }

    @Test
    void anUnreachableRedisIsReported() throws IOException {
        assertEquals(1, run("--redis", "redis://127.0.0.1:" + FreePort.find()));
        assertTrue(text(err).contains("Redis"), () -> text(err));
    }

    @Test
    void invalidOptionsAreErrors() {
        assertEquals(2, run("--redis", "nowhere"));
        assertEquals(2, run("--nodes", "0"));
        assertEquals(2, run("--nodes", "1,many"));
        assertEquals(2, run("--window", "1025"));
        assertEquals(2, run("--size", "10"));
        assertEquals(2, run("--modes", "latency,luck"));
        assertEquals(2, run("--wishes", "3"));
    }

    @Test
    void theHelpListsAllOptions() {
        assertEquals(0, run("--help"));
        for (String option : ClusterCostOptions.KNOWN) {
            assertTrue(text(out).contains("  " + option + " "), option);
        }
    }

    private String logs() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                all.append(file).append('\n').append(Files.readString(file));
            }
        } catch (IOException e) {
            all.append(e);
        }
        return all.toString();
    }

    private int run(String... arguments) {
        return ClusterCost.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                directory,
                arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
