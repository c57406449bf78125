package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Limit;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        Map<String, List<Path>> sources = sourcesByName();
        List<String> missing = new ArrayList<>();
        for (MatchResult test : promised) {
            if (!exists(sources.getOrDefault(test.group(1) + ".java", List.of()), test.group(2))) {
                missing.add(test.group());
            }
        }
        assertEquals(List.of(), missing);
    }

    /** Two transports have a class of the same name: one with the method is enough. */
    private static boolean exists(List<Path> sources, String method) throws IOException {
        Pattern declaration = Pattern.compile("(void|List<DynamicTest>|Stream<DynamicTest>) " + method + "\\(");
        for (Path file : sources) {
            if (declaration.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the source files. Other modules may be writing to their target directories now, so it skips these. */
    private static Map<String, List<Path>> sourcesByName() throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                return name.equals("target") || name.startsWith(".")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                        .add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
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
