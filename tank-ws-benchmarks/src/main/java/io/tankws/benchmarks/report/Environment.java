package io.tankws.benchmarks.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The environment of a measurement: machine, system and Java version. */
public final class Environment {
    private Environment() {}

    /** Returns a description of the machine and of the JVM of the servers. */
    public static Map<String, String> describe(List<String> flags) {
        Map<String, String> facts = new LinkedHashMap<>();
        int cores = Runtime.getRuntime().availableProcessors();
        String model = ProcFs.processor();
        facts.put("machine", cores + " cores" + (model.isEmpty() ? "" : " (" + model + ")") + memory());
        facts.put("kernel", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
        facts.put("jvm", property("java.vm.name") + " " + property("java.runtime.version"));
        facts.put("flags", String.join(" ", flags));
        return facts;
    }

    /** Adds the load of other processes during the measurement. */
    public static void addOtherProcesses(Map<String, String> facts, Collection<List<Map<String, Object>>> runs) {
        double[] others = runs.stream()
                .flatMap(List::stream)
                .filter(run -> run.get("other_cpu_s") instanceof Double)
                .mapToDouble(run -> (double) run.get("other_cpu_s") / (double) run.get("seconds"))
                .map(busy -> Math.max(0, busy))
                .toArray();
        if (others.length > 0) {
            double max = Arrays.stream(others).max().orElse(0);
            facts.put(
                    "other processes",
                    String.format(Locale.ROOT, "%.1f cores busy (median), %.1f (most)", Results.median(others), max));
        }
    }

    private static String memory() {
        long kb = ProcFs.memoryKb();
        return kb < 0 ? "" : ", " + Math.round(kb / 1048576.0) + " GiB";
    }

    private static String property(String name) {
        return System.getProperty(name);
    }
}
