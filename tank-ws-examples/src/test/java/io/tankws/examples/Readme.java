package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The project's README. */
final class Readme {
    static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    private Readme() {}

    static String text() {
        try {
            return Files.readString(MODULE.resolve("../README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the code of a region, each of whose lines ends with a line feed. */
    static String code(String region, String language) {
        String[] parts = text().split("<!-- region " + region + " -->\n```" + language + "\n");
        assertEquals(2, parts.length, "the README must have one region " + region);
        return parts[1].substring(0, parts[1].indexOf("```"));
    }
}
