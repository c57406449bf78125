package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tests, limits and targets that the documents name exist. */
class DocumentTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    /** A link within the project. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:)([^)\\s]+)\\)");

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
    void everyLimitIsInTheGuideWithItsOwner() throws IOException {
        String guide = Files.readString(ROOT.resolve("docs/guide/limits.md"));
        String table = guide.substring(guide.indexOf("| limit | default |"));
        List<String> missing = new ArrayList<>();
        LimitOwners.byLimit().forEach((limit, owner) -> {
            if (table.lines().noneMatch(line -> line.contains("`" + limit + "`") && line.endsWith(owner))) {
                missing.add(limit + " " + owner);
            }
        });
        assertEquals(List.of(), missing);
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (MatchResult link : LINK.matcher(proseOf(document)).results().toList()) {
                String[] target = link.group(1).split("#", 2);
                Path file = target[0].isEmpty() ? document : document.resolveSibling(target[0]);
                if (!Files.exists(file) || target.length == 2 && !anchors(file).contains(target[1])) {
                    broken.add(ROOT.relativize(document) + ": " + link.group(1));
                }
                links++;
            }
        }
        assertEquals(List.of(), broken);
        int found = links;
        assertTrue(found > 30, () -> "only " + found + " links");
    }

    private static List<Path> documents() throws IOException {
        return sourcesByName().entrySet().stream()
                .filter(named -> named.getKey().endsWith(".md"))
                .flatMap(named -> named.getValue().stream())
                .sorted()
                .toList();
    }

    private static String proseOf(Path document) throws IOException {
        return Files.readString(document).replaceAll("(?ms)^```.*?^```", "");
    }

    /** Returns the anchors that GitHub gives the headings of a document. */
    private static Set<String> anchors(Path document) throws IOException {
        return proseOf(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
