package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document for users, with the blocks of code that it shows.
 *
 * @param name the path below the root of the project
 */
record Document(String name, String text) {
    static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    private static final Path ROOT = MODULE.resolve("..");
    private static final Pattern MARKER = Pattern.compile("<!-- region (\\S+) -->");
    private static final String FENCE = "```";

    /**
     * A block of code.
     *
     * @param place the document and the line of the opening fence
     * @param region the region that the marker above the block names, empty without a marker
     * @param code the lines, each of which ends with a line feed
     */
    record Block(String place, String language, String region, String code) {}

    static Document read(String name) {
        try {
            return new Document(name, Files.readString(ROOT.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Document readme() {
        return read("README.md");
    }

    /** Returns the README, the guide, the migration page and the page about security. */
    static List<Document> all() {
        try (Stream<Path> guide = Files.list(ROOT.resolve("docs/guide"))) {
            Stream<String> pages =
                    guide.map(page -> "docs/guide/" + page.getFileName()).sorted();
            return Stream.concat(Stream.of("README.md", "SECURITY.md", "docs/migration-from-go.md"), pages)
                    .map(Document::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = text.lines().toList();
        int start = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith(FENCE)) {
                continue;
            }
            if (start < 0) {
                start = i;
                continue;
            }
            Matcher marker = MARKER.matcher(start == 0 ? "" : lines.get(start - 1));
            blocks.add(new Block(
                    name + ":" + (start + 1),
                    lines.get(start).substring(FENCE.length()),
                    marker.matches() ? marker.group(1) : "",
                    Region.join(lines.subList(start + 1, i))));
            start = -1;
        }
        assertEquals(-1, start, "a block of " + name + " must end");
        return blocks;
    }

    /** Returns the code of the only block with a region. */
    String code(String region) {
        List<Block> found =
                blocks().stream().filter(block -> block.region().equals(region)).toList();
        assertEquals(1, found.size(), () -> name + " must have one region " + region);
        return found.get(0).code();
    }
}
