package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say is there is there. */
class DocumentTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void everyPromiseOfSecurityHasItsTest() throws IOException {
        everyPromiseHasItsTest("SECURITY.md", 20);
    }

    @Test
    void everyPromiseOfClustersHasItsTest() throws IOException {
        everyPromiseHasItsTest("docs/cluster.md", 8);
    }

    private static void everyPromiseHasItsTest(String document, int moreThan) throws IOException {
        Matcher matcher = TEST.matcher(Files.readString(ROOT.resolve(document)));
        List<MatchResult> promised = matcher.results().toList();
        assertTrue(promised.size() > moreThan, () -> promised.size() + " tests are named");
        List<String> missing = new ArrayList<>();
        for (MatchResult test : promised) {
            if (!exists(test.group(1), test.group(2))) {
                missing.add(test.group());
            }
        }
        assertEquals(List.of(), missing);
    }

    /** Two transports have a class of the same name: one with the method will do. */
    private static boolean exists(String type, String method) throws IOException {
        Pattern declaration = Pattern.compile("(void|List<DynamicTest>|Stream<DynamicTest>) " + method + "\\(");
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.endsWith(type + ".java")).toList()) {
                if (declaration.matcher(Files.readString(file)).find()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void everyLimitIsInTheReadme() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String table = readme.substring(readme.indexOf("| limit | default |"), readme.indexOf("## What it promises"));
        List<String> missing = Arrays.stream(Limit.values())
                .filter(limit -> table.lines()
                        .noneMatch(line -> line.contains("`" + limit + "`") && line.endsWith(owner(limit))))
                .map(Limit::toString)
                .toList();
        assertEquals(List.of(), missing);
    }

    private static String owner(Limit limit) {
        return switch (limit.scope()) {
            case CLIENT -> "| manager, client |";
            case MANAGER -> "| manager |";
            case CALL -> "| manager, calls |";
            case SERVER -> "| server |";
        };
    }
}
