package io.tankws.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.compare.ComparisonOptions;
import io.tankws.benchmarks.compare.ComparisonTable;
import io.tankws.benchmarks.compare.SlowTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ResultsTest {
    private static final String ODD_NAME = "<\"tank-ws\" & co>";

    private final Results results = results();

    private static Results results() {
        Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();
        runs.put("first", List.of(fanout(100, 0), fanout(300, 0), fanout(200, 0), latency(1.5)));
        runs.put(ODD_NAME, List.of(fanout(400, 2), fanout(200, 1)));
        runs.put("broken", List.of());
        return new Results(Map.of("machine", "2 cores", "load", "a < b; c > d"), runs);
    }

    private static Map<String, Object> fanout(double rate, double lost) {
        return Map.of(
                "mode",
                "fanout",
                "deliveries_per_s",
                rate,
                "lost",
                lost,
                "stalled",
                false,
                "rss_kb",
                2048.0,
                "gc_pauses",
                4.0,
                "gc_pause_ms",
                12.5,
                "gc_longest_ms",
                9.0);
    }

    private static Map<String, Object> slow(String mode, double millis) {
        return Map.of("mode", mode, "p99_ms", millis, "p999_ms", 2 * millis, "rss_growth_kb", 1024.0);
    }

    private static Map<String, Object> latency(double millis) {
        return Map.of("mode", "latency", "p99_ms", millis, "deliveries_per_s", 1.0);
    }

    @Test
    void aMedianIsTheMiddleOne() {
        assertEquals(2, Results.median(3, 1, 2));
        assertEquals(2.5, Results.median(4, 1, 2, 3));
        assertTrue(Double.isNaN(Results.median()));
        assertEquals(200, results.median("first", "fanout", "deliveries_per_s"));
    }

    @Test
    void everyFaultCounts() {
        assertEquals(0, results.faults("first"));
        assertEquals(3, results.faults(ODD_NAME));
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("deeper/results.json");
        results.write(file);
        assertEquals(results, Results.read(file));
    }

    @Test
    void otherFilesAreNoResults(@TempDir Path directory) throws IOException {
        for (String text : List.of("", "[]", "{}", "{\"facts\": 1, \"runs\": {}}")) {
            Path file = Files.writeString(directory.resolve("other.json"), text);
            assertThrows(IOException.class, () -> Results.read(file), text);
        }
    }

    @Test
    void theTableComparesWithTheFirst() {
        List<String> lines = ComparisonTable.of(results);
        assertEquals("| first | 200 | 1.00 | 100 to 300 | – | – | 1.50 | 2 | 4 | 12.5 | 9.0 | 0 |", lines.get(2));
        assertEquals(
                "| " + ODD_NAME + " | 300 | 1.50 | 200 to 400 | – | – | – | 2 | 4 | 12.5 | 9.0 | 3 |", lines.get(3));
        assertEquals("| broken | – | – | – | – | – | – | – | – | – | – | 0 |", lines.get(4));
    }

    @Test
    void stuckReadersAreComparedRoundByRound() {
        Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();
        runs.put(
                "some",
                List.of(
                        slow(SlowTable.WITHOUT, 10),
                        slow(SlowTable.WITH, 11),
                        slow(SlowTable.WITH, 30),
                        slow(SlowTable.WITHOUT, 20),
                        slow(SlowTable.WITHOUT, 5),
                        slow(SlowTable.WITH, 5)));
        runs.put("half", List.of(slow(SlowTable.WITHOUT, 1)));
        List<String> lines = ComparisonTable.of(new Results(Map.of(), runs));
        assertEquals(5, lines.size(), () -> String.join("\n", lines));
        assertEquals("| some | 10.00 | 11.00 | 1.10 | 1.00 to 1.50 | 20.00 | 22.00 | – | 1 | 1 | 0 |", lines.get(2));
        assertEquals("| half | 1.00 | – | – | – | 2.00 | – | – | 1 | – | 0 |", lines.get(3));
    }

    @Test
    void thePictureIsWellFormed() throws Exception {
        byte[] svg = BarChart.svg(results).getBytes(StandardCharsets.UTF_8);
        Document document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg));
        assertEquals("svg", document.getDocumentElement().getLocalName());
        // The background, two servers with a throughput and one with a latency. No server has a CPU time.
        assertEquals(4, document.getElementsByTagName("rect").getLength());
        assertTrue(document.getDocumentElement().getTextContent().contains(ODD_NAME));
    }

    @Test
    void theLastValueOfAnOptionAppliesAndCommandsAccumulate() throws UsageException {
        ComparisonOptions options = ComparisonOptions.parse(
                "--rounds", "1", "--rounds", "2", "--command", "a=b {port}", "--command", "c=d {port}");
        assertEquals(2, options.rounds());
        assertArrayEquals(
                new String[] {"a=b {port}", "c=d {port}"}, options.commands().toArray());
    }

    @Test
    void invalidLoadOptionsAreReportedAtOnce() {
        for (String[] wrong : new String[][] {
            {"--size", "5"},
            {"--window", "many"},
            {"--rate", "0"},
            {"--command", "a=b"},
            {"--modes", "idle"},
            {"--x"},
            {"--modes", "slow", "--stuck", "0"}
        }) {
            assertThrows(UsageException.class, () -> ComparisonOptions.parse(wrong), () -> String.join(" ", wrong));
        }
    }
}
