package io.tankws.benchmarks.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryCostTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void everyClientGetsWhatItMissedInEachStorm() {
        int status = run(
                "--transports",
                "java-websocket",
                "--clients",
                "5",
                "--missed",
                "20",
                "--rounds",
                "1",
                "--storms",
                "2",
                "--jvm",
                "-Xmx64m");
        assertEquals(0, status, () -> text(err));
        List<String[]> rows = text(out)
                .lines()
                .filter(line -> line.startsWith("| java-websocket |"))
                .map(row -> row.split(" \\| "))
                .toList();
        assertEquals(
                List.of("first", "later"), rows.stream().map(cells -> cells[1]).toList());
        for (String[] cells : rows) {
            assertTrue(Double.parseDouble(cells[3]) > 0, () -> text(out));
            assertEquals("0 |", cells[7], () -> text(out));
        }
    }

    @Test
    void aMissingTransportIsReported() {
        assertEquals(1, run("--transports", "pigeon"));
        assertTrue(text(err).contains("pigeon does not listen"), () -> text(err));
    }

    @Test
    void invalidOptionsAreErrors() {
        assertEquals(2, run("--missed", "0"));
        assertEquals(2, run("--clients", "many"));
    }

    private int run(String... arguments) {
        return RecoveryCost.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                directory,
                arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
