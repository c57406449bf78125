package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceTest {
    private static final int MOST_LINES = 400;
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();

    @Test
    void noMainFileIsLongerThanIsReadInOneGo() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : mainFiles()) {
            long lines = lines(file);
            if (lines > MOST_LINES) {
                tooLong.add(ROOT.relativize(file) + ": " + lines);
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void everyModuleIsLookedAt() throws IOException {
        List<Path> files = mainFiles();
        long descriptors =
                files.stream().filter(file -> file.endsWith("module-info.java")).count();
        assertTrue(descriptors >= OwnModule.ALL.size(), () -> descriptors + " modules in " + ROOT);
        assertTrue(files.size() > 80, () -> files.size() + " files in " + ROOT);
    }

    private static List<Path> mainFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().toList()) {
                Path sources = module.resolve("src/main/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> all = Files.walk(sources)) {
                        all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
                    }
                }
            }
        }
        return files;
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
