package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The size of the files of main code. */
class SourceTest {
    /** The number of lines above which a file states its reason. */
    private static final int MAX_LINES = 400;
    /** The start of that statement, which ends with the reason. */
    private static final String REASON = "This file is longer than " + MAX_LINES + " lines because";

    private static final int MAX_MEDIAN = 100;
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();

    @Test
    void longFilesStateTheirReason() throws IOException {
        List<String> withoutReason = new ArrayList<>();
        for (Path file : mainFiles()) {
            String text = Files.readString(file);
            if (lines(text) > MAX_LINES && !text.contains(REASON)) {
                withoutReason.add(ROOT.relativize(file) + ": " + lines(text));
            }
        }
        assertEquals(List.of(), withoutReason);
    }

    @Test
    void halfOfTheFilesAreShort() throws IOException {
        List<Long> sizes = new ArrayList<>();
        for (Path file : mainFiles()) {
            sizes.add(lines(Files.readString(file)));
        }
        sizes.sort(null);
        long median = sizes.get(sizes.size() / 2);
        assertTrue(median <= MAX_MEDIAN, () -> "the median is " + median + " lines");
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

    /** Returns the number of lines without imports. */
    private static long lines(String text) {
        return text.lines().filter(line -> !line.startsWith("import ")).count();
    }
}
