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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main sources, test sources and documents follow {@link ProseRules}. */
class ProseTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();

    private static final int MAX_REPORTED = 200;

    /** The files that contain the forbidden words as data. */
    private static final Set<String> RULES = Set.of("ProseRules.java", "ProseRulesTest.java");

    @Test
    void sourcesAndDocumentsFollowTheRules() throws IOException {
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
        assertTrue(files.size() >= 18, () -> "only " + files.keySet() + " were found");
        assertTrue(files.get("documents").size() > 15, () -> "only " + files.get("documents") + " were found");
        assertTrue(files.get("tank-ws-core").stream().anyMatch(file -> file.endsWith("ThreadShortageTest.java")));
    }

    private static Map<String, List<Path>> filesByModule() throws IOException {
        Map<String, List<Path>> files = new TreeMap<>();
        List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        List<Path> modules = new ArrayList<>(children(ROOT));
        modules.addAll(children(ROOT.resolve("tank-ws-it")));
        modules.addAll(children(ROOT.resolve("tank-ws-it/selection")));
        for (Path module : modules) {
            List<Path> sources = new ArrayList<>();
            for (String directory : List.of("src/main/java", "src/test/java", "src/it")) {
                sources.addAll(files(module.resolve(directory), ".java"));
            }
            sources.removeIf(file -> RULES.contains(file.getFileName().toString()));
            if (!sources.isEmpty()) {
                files.put(module.getFileName().toString(), sources);
            }
        }
        children(ROOT).stream().filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        files.put("documents", documents);
        return files;
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    private static List<Path> files(Path directory, String extension) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(extension))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
