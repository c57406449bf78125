package io.tankws.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.benchmarks.report.Results;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
    /** The path of this build, which stands for both builds. */
    private static final String THIS = Stream.of("jdk.module.path", "java.class.path")
            .map(name -> System.getProperty(name, ""))
            .collect(Collectors.joining(File.pathSeparator));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void eachRoundMeasuresBothBuilds() throws IOException, InterruptedException {
        int status = run(
                "--old",
                THIS,
                "--new",
                THIS,
                "--rounds",
                "2",
                "--transports",
                "java-websocket",
                "--windows",
                "4",
                "--subscribers",
                "2",
                "--seconds",
                "0.2",
                "--warm-up",
                "0",
                "--jvm",
                "-Xmx64m");
        assertEquals(0, status, () -> text(err));
        Results results = Results.read(directory.resolve("guard.json"));
        List<String> rows = List.of("java-websocket, window 4", "java-websocket, topic");
        for (String build : List.of(Guard.OLD, Guard.NEW)) {
            for (String row : rows) {
                double[] rates = results.inOrder(build, row, GuardTable.PER_SECOND);
                assertEquals(2, rates.length, row);
                assertTrue(rates[0] > 0, row);
                assertTrue(results.median(build, row, GuardTable.CPU_MICROS) >= 0, row);
            }
            assertEquals(0, results.faults(build));
        }
        assertEquals(
                rows,
                table().stream()
                        .skip(1)
                        .map(line -> line.split(" \\| ")[0].substring(2))
                        .toList());
        assertEquals(
                List.of("old", "new", "new", "old"),
                text(err)
                        .lines()
                        .map(line -> line.replaceAll(".*java-websocket, (\\w+) build", "$1"))
                        .toList());
    }

    private List<String> table() {
        return text(out).lines().filter(line -> line.startsWith("| ")).toList();
    }

    @Test
    void aRatioIsTheMedianOfTheRatiosOfTheRounds() {
        Map<String, List<Map<String, Object>>> runs = Map.of(
                Guard.OLD, List.of(run(100, 2), run(200, 2), run(400, 2)),
                Guard.NEW, List.of(run(100, 1), run(100, 3), run(300, 2)));
        String row = GuardTable.of(new Results(Map.of(), runs)).get(2);
        assertEquals("| row | 200 | 100 | 0.750 | 0.500 to 1.000 | 2.000 | 2.000 | 1.000 | 0.500 to 1.500 | 0 |", row);
    }

    private static Map<String, Object> run(double perSecond, double micros) {
        return new HashMap<>(
                Map.of("mode", "row", GuardTable.PER_SECOND, perSecond, GuardTable.CPU_MICROS, micros, "lost", 0.0));
    }

    @Test
    void aBuildThatCannotStartIsNamed() throws InterruptedException {
        assertEquals(1, run("--old", directory.toString(), "--rounds", "1", "--transports", "jetty"));
        assertTrue(text(err).contains("The server on jetty of the old build does not listen"), () -> text(err));
        assertFalse(text(out).contains("|"), () -> text(out));
    }

    @Test
    void invalidOptionsAreErrors() throws InterruptedException {
        assertEquals(2, run());
        assertEquals(2, run("--old", THIS, "--windows", "1,many"));
        assertEquals(2, run("--old", THIS, "--size", "1"));
        assertEquals(2, run("--old", THIS, "--topic", "perhaps"));
        assertTrue(text(err).startsWith("The option --old is required."), () -> text(err));
    }

    private int run(String... arguments) throws InterruptedException {
        String[] all = Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--out", directory.resolve("guard.json").toString()))
                .toArray(String[]::new);
        return Guard.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
