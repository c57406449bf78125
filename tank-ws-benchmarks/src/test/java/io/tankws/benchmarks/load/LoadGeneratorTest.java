package io.tankws.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.benchmarks.report.Json;
import io.tankws.benchmarks.tankws.TankWsRelay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private final TankWsRelay relay = TankWsRelay.start("java-websocket", 0);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void everyMessageOfAWindowReachesEverySubscriberOnce() throws IOException {
        Map<String, Object> result = load("fanout", "-n", "5", "-w", "8", "-s", "131", "-S", "news");
        assertEquals(6.0, result.get("connected"));
        assertTrue(count(result, "deliveries") > 0, result::toString);
        assertTrue(count(result, "other_texts") >= 5, result::toString);
        assertNothingWrong(result);
    }

    @Test
    void messagesThatAreDueAreTimed() throws IOException {
        Map<String, Object> result = load("latency", "-n", "3", "-r", "200");
        assertTrue(count(result, "deliveries") > 0, result::toString);
        assertTrue(count(result, "p50_ms") > 0, result::toString);
        assertTrue(count(result, "p50_ms") <= count(result, "max_ms"), result::toString);
        assertNothingWrong(result);
    }

    @Test
    void longMessagesArriveComplete() throws IOException {
        Map<String, Object> result = load("fanout", "-n", "2", "-s", "65000");
        assertTrue(count(result, "deliveries") > 0, result::toString);
        assertNothingWrong(result);
    }

    @Test
    void idleConnectionsAreCounted() throws IOException {
        Map<String, Object> result = load("idle", "-n", "4");
        assertEquals(4.0, result.get("connected"));
        assertNothingWrong(result);
    }

    @Test
    void stuckSubscribersDoNotDelayOtherSubscribers() throws IOException {
        Map<String, Object> result = load("slow", "-n", "2", "-k", "2", "-t", "1");
        assertEquals(5.0, result.get("connected"));
        assertTrue(count(result, "deliveries") > 0, result::toString);
        assertNothingWrong(result);
    }

    @Test
    void stuckSubscribersDoNotPreventTimingAtARate() throws IOException {
        Map<String, Object> result = load("slow", "-n", "3", "-k", "2", "-r", "200");
        assertEquals(6.0, result.get("connected"));
        assertTrue(count(result, "p99_ms") > 0, result::toString);
        assertEquals(2.0, result.get("stuck"));
        assertNothingWrong(result);
    }

    @Test
    void invalidOptionsAreErrors() {
        assertEquals(2, LoadGenerator.run(stream(out), stream(err), "latency"));
        assertEquals(2, LoadGenerator.run(stream(out), stream(err), "fanout", "-n", "20000"));
        assertEquals(2, LoadGenerator.run(stream(out), stream(err), "fanout", "-r", "0.1"));
        assertEquals(2, LoadGenerator.run(stream(out), stream(err), "fanout", "-H", "192.0.2.1"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    private Map<String, Object> load(String mode, String... options) throws IOException {
        String[] common = {mode, "-p", String.valueOf(relay.port()), "-t", "0.2", "-u", "0.1", "-d", "50"};
        String[] all = new String[common.length + options.length];
        System.arraycopy(common, 0, all, 0, common.length);
        System.arraycopy(options, 0, all, common.length, options.length);
        int status = LoadGenerator.run(stream(out), stream(err), all);
        assertEquals(0, status, () -> err.toString(StandardCharsets.UTF_8));
        return Json.object(out.toString(StandardCharsets.UTF_8));
    }

    private static void assertNothingWrong(Map<String, Object> result) {
        for (String name : new String[] {"lost", "duplicated", "reordered", "corrupt", "echoed", "disconnected"}) {
            assertEquals(0.0, result.get(name), () -> name + " in " + result);
        }
    }

    private static double count(Map<String, Object> result, String name) {
        return (double) result.get(name);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
