package io.tankws.benchmarks.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishCostTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void everyKindOfTopicHasARow() {
        int status = run(
                "--transports",
                "java-websocket,bare",
                "--subscribers",
                "2,5",
                "--topics",
                "11",
                "--history",
                "3",
                "--rounds",
                "2",
                "--warm-up",
                "1",
                "--deliveries",
                "10",
                "--publishes",
                "3",
                "--unheard",
                "100",
                "--jvm",
                "-Xmx64m");
        assertEquals(0, status, () -> text(err));
        assertRows("java-websocket");
        assertRows("bare");
    }

    private void assertRows(String transport) {
        List<String[]> rows = text(out)
                .lines()
                .filter(line -> line.startsWith("| " + transport + " |"))
                .map(row -> row.split(" \\| "))
                .toList();
        assertEquals(
                List.of(
                        "1 | 2",
                        "1 with history | 2",
                        "1 | 5",
                        "1 with history | 5",
                        "0 | 0",
                        "1 | 1",
                        "5 | 1",
                        "11 | 1"),
                rows.stream().map(cells -> cells[1] + " | " + cells[2]).toList());
        for (String[] cells : rows) {
            assertFalse(List.of(cells).subList(3, 9).contains("–"), () -> text(out));
        }
    }

    @Test
    void aMissingTransportIsReported() {
        assertEquals(1, run("--transports", "pigeon", "--subscribers", "1"));
        assertTrue(text(err).contains("pigeon does not listen"), () -> text(err));
    }

    @Test
    void invalidOptionsAreErrors() {
        assertEquals(2, run("--subscribers", "0"));
        assertEquals(2, run("--subscribers", "1,many"));
        assertEquals(2, run("--topics", "1.5"));
    }

    private int run(String... arguments) {
        return PublishCost.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                directory,
                arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
