package io.tankws.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcLogTest {
    private static final String G1 = """
            [0.005s][info][gc] Using G1
            [0.101s][info][gc,phases] GC(0)   Pre Evacuate Collection Set: 0.1ms
            [0.101s][info][gc       ] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 1.250ms
            [0.200s][info][gc       ] GC(1) Concurrent Mark Cycle
            [0.205s][info][gc       ] GC(1) Pause Remark 30M->30M(512M) 2.500ms
            [0.210s][info][gc       ] GC(1) Concurrent Mark Cycle 10.000ms
            """;
    private static final String GENERATIONAL_Z = """
            [0.120s][info][gc,phases] GC(0) Y: Pause Mark Start (Major) 0.015ms
            [0.122s][info][gc,phases] GC(0) Y: Concurrent Mark 1.532ms
            [0.130s][info][gc       ] GC(0) Major Collection (Warmup) 52M(10%)->12M(2%) 0.014s
            """;

    @Test
    void concurrentPhasesAreNoPauses() {
        assertEquals(new GcLog.Pauses(2, 3.75, 2.5), GcLog.of(G1));
        assertEquals(new GcLog.Pauses(1, 0.015, 0.015), GcLog.of(GENERATIONAL_Z));
        assertEquals(new GcLog.Pauses(0, 0, 0), GcLog.of(""));
    }

    @Test
    void onlyWhatWasWrittenMeanwhileCounts(@TempDir Path directory) throws IOException {
        String file = Files.writeString(directory.resolve("gc.log"), G1 + GENERATIONAL_Z)
                .toString();
        assertEquals(GcLog.of(GENERATIONAL_Z), GcLog.between(file, G1.length(), GcLog.size(file)));
        assertEquals(0, GcLog.size(""));
    }
}
