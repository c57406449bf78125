package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code that the README shows is code that compiles. */
class ReadmeTest {
    private static String source(String name) throws IOException {
        return Files.readString(Readme.MODULE.resolve("src/main/java/io/tankws/examples/" + name + ".java"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SharedToken", "ErrorLog"})
    void showsTheExampleAsItIs(String name) throws IOException {
        String source = source(name);
        assertEquals(source.substring(source.indexOf("public final class")), Readme.code(name, "java"));
    }

    @Test
    void showsTheServerWithAllThatItImports() throws IOException {
        assertEquals("package io.tankws.examples;\n\n" + Readme.code("Chat", "java"), source("Chat"));
    }

    @Test
    void theServerHasAsManyLinesAsItsTitleSays() {
        Matcher title = Pattern.compile("## A server in (\\d+) lines").matcher(Readme.text());
        assertTrue(title.find());
        assertEquals(
                Integer.parseInt(title.group(1)),
                Readme.code("Chat", "java").lines().count());
    }

    @Test
    void comparesNoSecretWithEquals() {
        assertFalse(Readme.text().contains("expected::equals"));
    }
}
