package io.tankws.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of the form {@code NAME VALUE}. */
public final class CommandLine {
    private final Map<String, List<String>> given = new HashMap<>();

    public CommandLine(Set<String> known, List<String> arguments) throws UsageException {
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!known.contains(name)) {
                throw new UsageException("There is no option " + name + ".");
            }
            if (i + 1 == arguments.size()) {
                throw new UsageException("The option " + name + " requires a value.");
            }
            given.computeIfAbsent(name, key -> new ArrayList<>()).add(arguments.get(i + 1));
        }
    }

    /** Returns the last value of an option. */
    public String text(String name, String otherwise) {
        List<String> values = all(name);
        return values.isEmpty() ? otherwise : values.get(values.size() - 1);
    }

    public List<String> all(String name) {
        return given.getOrDefault(name, List.of());
    }

    public double number(String name, double otherwise, double min, double max) throws UsageException {
        String text = text(name, null);
        if (text == null) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The exception below reports it, like a number out of range.
        }
        throw new UsageException("The option " + name + " requires a number from " + plain(min) + " to " + plain(max)
                + ", not '" + text + "'.");
    }

    public int count(String name, int otherwise, int min, int max) throws UsageException {
        double value = number(name, otherwise, min, max);
        if (value != Math.rint(value)) {
            throw new UsageException("The option " + name + " requires a whole number.");
        }
        return (int) value;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
