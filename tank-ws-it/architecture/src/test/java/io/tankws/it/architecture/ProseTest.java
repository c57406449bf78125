package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main sources and documents follow {@link ProseRules}. */
class ProseTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();

    private static final int MAX_REPORTED = 200;

    @Test
    void mainSourcesAndDocumentsFollowTheRules() throws IOException {
        List<String> violations = new ArrayList<>();
        for (Map.Entry<String, List<Path>> module : filesByModule().entrySet()) {
            ProseReport report = ProseReport.of(ROOT, module.getValue());
            System.out.println(module.getKey() + ": " + report.summary());
            violations.addAll(report.violations());
        }
        assertEquals("", String.join("\n", violations.subList(0, Math.min(violations.size(), MAX_REPORTED))));
    }

    @Test
    void everyModuleIsChecked() throws IOException {
        Map<String, List<Path>> files = filesByModule();
        assertTrue(files.size() >= 10, () -> "only " + files.keySet() + " were found");
        assertTrue(files.get("documents").size() > 15, () -> "only " + files.get("documents") + " were found");
    }

    private static Map<String, List<Path>> filesByModule() throws IOException {
        Map<String, List<Path>> files = new TreeMap<>();
        List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        try (Stream<Path> children = Files.list(ROOT)) {
            for (Path child : children.sorted().toList()) {
                Path sources = child.resolve("src/main/java");
                if (Files.isDirectory(sources)) {
                    files.put(child.getFileName().toString(), files(sources, ".java"));
                } else if (child.toString().endsWith(".md")) {
                    documents.add(child);
                }
            }
        }
        files.put("documents", documents);
        return files;
    }

    private static List<Path> files(Path directory, String extension) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(extension))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
