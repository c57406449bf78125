package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The lines of a Java source file between {@code // region NAME} and {@code // endregion}, which documents show. */
final class Region {
    private static final String START = "// region ";
    private static final String END = "// endregion";

    private Region() {}

    /** Returns the code of each region in the main and test sources of this module, by the region's name. */
    static Map<String, String> all() {
        Map<String, String> regions = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Document.MODULE.resolve("src"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                read(Files.readAllLines(file))
                        .forEach((name, code) -> assertNull(
                                regions.put(name, code), () -> "the name of a region must be unique, but was " + name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return regions;
    }

    static Map<String, String> read(List<String> source) {
        Map<String, String> regions = new TreeMap<>();
        String name = null;
        List<String> lines = new ArrayList<>();
        for (String line : source) {
            String text = line.strip();
            if (text.startsWith(START)) {
                assertNull(name, "a region must not begin within another one: " + text);
                name = text.substring(START.length());
            } else if (text.equals(END)) {
                assertNotNull(name, "a region must begin before it ends");
                regions.put(name, join(unindent(lines)));
                name = null;
                lines.clear();
            } else if (name != null) {
                lines.add(line);
            }
        }
        assertNull(name, "a region must end: " + name);
        return regions;
    }

    private static List<String> unindent(List<String> lines) {
        int indent = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .toList();
    }

    static String join(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
