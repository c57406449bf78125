package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The server that the README shows is one that compiles. */
class ReadmeTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @Test
    void showsTheChatExampleAsItIs() throws IOException {
        String readme = Files.readString(MODULE.resolve("../README.md"));
        String start = "<!-- region Chat -->\n```java\n";
        int from = readme.indexOf(start) + start.length();
        String shown = readme.substring(from, readme.indexOf("```", from));
        String source = Files.readString(MODULE.resolve("src/main/java/io/tankws/examples/Chat.java"));
        assertEquals(source.substring(source.indexOf("public final class")), shown);
    }
}
