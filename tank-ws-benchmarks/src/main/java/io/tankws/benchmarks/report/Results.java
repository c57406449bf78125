package io.tankws.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of a measurement.
 *
 * @param facts description of the measurement and its environment
 * @param runs output of the load generator, by server
 */
public record Results(Map<String, String> facts, Map<String, List<Map<String, Object>>> runs) {
    /** Directory of the results, relative to the root of the repository. */
    public static final String TARGET = "tank-ws-benchmarks/target/";

    /** Fields that are 0 if a server works correctly. */
    private static final List<String> FAULTS = List.of(
            "lost", "duplicated", "reordered", "corrupt", "echoed", "disconnected", "missed", "publish_failures");

    /** Returns one field of all runs of a server in one mode, in ascending order. */
    public double[] values(String server, String mode, String field) {
        double[] values = inOrder(server, mode, field);
        Arrays.sort(values);
        return values;
    }

    /** Returns these values in the order of the rounds. */
    public double[] inOrder(String server, String mode, String field) {
        return runs.getOrDefault(server, List.of()).stream()
                .filter(run -> mode.equals(run.get("mode")) && run.get(field) instanceof Double)
                .mapToDouble(run -> (double) run.get(field))
                .toArray();
    }

    public boolean has(String mode) {
        return runs.values().stream().flatMap(List::stream).anyMatch(run -> mode.equals(run.get("mode")));
    }

    /** Returns the median, or NaN without a measurement. */
    public double median(String server, String mode, String field) {
        return median(values(server, mode, field));
    }

    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the number of faults in all runs. */
    public long faults(String server) {
        return runs.getOrDefault(server, List.of()).stream()
                .mapToLong(Results::faults)
                .sum();
    }

    /** Returns the number of faults in one run. */
    public static long faults(Map<String, Object> run) {
        return FAULTS.stream()
                .mapToLong(fault -> run.get(fault) instanceof Double count ? count.longValue() : 0)
                .sum();
    }

    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeObjectFieldStart("facts");
            for (Map.Entry<String, String> fact : facts.entrySet()) {
                json.writeStringField(fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("runs");
            for (Map.Entry<String, List<Map<String, Object>>> server : runs.entrySet()) {
                json.writeArrayFieldStart(server.getKey());
                for (Map<String, Object> run : server.getValue()) {
                    write(json, run);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, Map<String, Object> run) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Object> field : run.entrySet()) {
            json.writeFieldName(field.getKey());
            if (field.getValue() instanceof Double number) {
                json.writeNumber(number);
            } else if (field.getValue() instanceof Boolean truth) {
                json.writeBoolean(truth);
            } else {
                json.writeString(String.valueOf(field.getValue()));
            }
        }
        json.writeEndObject();
    }

    public static Results read(Path file) throws IOException {
        Map<String, Object> all = Json.object(Files.readString(file));
        try {
            Map<String, String> facts = new LinkedHashMap<>();
            ((Map<?, ?>) all.get("facts")).forEach((name, fact) -> facts.put((String) name, (String) fact));
            Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();
            ((Map<?, ?>) all.get("runs")).forEach((server, list) -> runs.put((String) server, runs((List<?>) list)));
            return new Results(facts, runs);
        } catch (ClassCastException | NullPointerException e) {
            throw new IOException(file + " does not contain results of a comparison", e);
        }
    }

    private static List<Map<String, Object>> runs(List<?> list) {
        return list.stream()
                .map(run -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    ((Map<?, ?>) run).forEach((name, value) -> fields.put((String) name, value));
                    return fields;
                })
                .toList();
    }
}
