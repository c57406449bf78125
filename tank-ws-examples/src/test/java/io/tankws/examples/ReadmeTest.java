package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server that the README shows is one that compiles. */
class ReadmeTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @ParameterizedTest
    @ValueSource(strings = {"Chat", "SharedToken"})
    void showsTheExampleAsItIs(String name) throws IOException {
        String readme = Files.readString(MODULE.resolve("../README.md"));
        String start = "<!-- region " + name + " -->\n```java\n";
        assertTrue(readme.contains(start));
        int from = readme.indexOf(start) + start.length();
        String shown = readme.substring(from, readme.indexOf("```", from));
        String source = Files.readString(MODULE.resolve("src/main/java/io/tankws/examples/" + name + ".java"));
        assertEquals(source.substring(source.indexOf("public final class")), shown);
    }

    @Test
    void comparesNoSecretWithEquals() throws IOException {
        assertFalse(Files.readString(MODULE.resolve("../README.md")).contains("expected::equals"));
    }
}
