package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java code that the documents for users show is code of this module, which compiles and which tests run. */
class DocumentCodeTest {
    private static final int MAX_README_LINES = 180;
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** The exported names that the README of the Go library documents. */
    private static final List<String> GO_NAMES = List.of(
            "GetSingleInstance",
            "NewInstance",
            "SetCustomUpgrader",
            "Start",
            "HandleConnection",
            "SetHTTPServer",
            "BroadcastMessage",
            "BroadcastTopicMessage",
            "Shutdown",
            "GetClientCount",
            "GetTopicSubscriberCount",
            "GetAllTopics",
            "IsRunning",
            "EnableHeartbeat",
            "DisableHeartbeat",
            "EnableAuth",
            "DisableAuth",
            "CloseClient",
            "EnableDebug",
            "DisableDebug",
            "Errors",
            "Code",
            "Message",
            "ConnEvents",
            "EventType",
            "UserID",
            "Topic",
            "ReadBufferSize",
            "WriteBufferSize",
            "CheckOrigin");

    private static List<String> wrongBlocks(Collection<Document> documents, Map<String, String> regions) {
        return documents.stream()
                .flatMap(document -> document.blocks().stream())
                .filter(block -> block.language().equals("java"))
                .filter(block -> !block.code().equals(regions.get(block.region())))
                .map(block -> block.place() + " must show a region, but has " + block.region())
                .toList();
    }

    @Test
    void everyJavaBlockShowsTheRegionThatItNames() {
        Map<String, String> regions = Region.all();
        List<Document> documents = Document.all();
        assertEquals(List.of(), wrongBlocks(documents, regions));
        assertEquals(
                new TreeSet<>(regions.keySet()),
                documents.stream()
                        .flatMap(document -> document.blocks().stream())
                        .filter(block -> block.language().equals("java"))
                        .map(Document.Block::region)
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertTrue(regions.size() > 20, () -> "only " + regions.keySet());
    }

    @Test
    void aBlockWithoutItsRegionIsFound() {
        Map<String, String> regions = Map.of("One", "int i;\n");
        String marked = "text\n<!-- region One -->\n```java\n%s\n```\n";
        assertEquals(List.of(), wrongBlocks(List.of(new Document("a.md", marked.formatted("int i;"))), regions));
        assertEquals(
                List.of("a.md:3 must show a region, but has One"),
                wrongBlocks(List.of(new Document("a.md", marked.formatted("int j;"))), regions));
        assertEquals(
                List.of("b.md:1 must show a region, but has "),
                wrongBlocks(List.of(new Document("b.md", "```java\nint i;\n```\n")), regions));
        assertEquals(
                List.of("c.md:2 must show a region, but has Two"),
                wrongBlocks(List.of(new Document("c.md", "<!-- region Two -->\n```java\nint i;\n```\n")), regions));
        assertThrows(AssertionError.class, () -> new Document("d.md", "```java\n").blocks());
    }

    @Test
    void aRegionIsTheLinesBetweenItsMarkersWithoutTheirIndentation() {
        String source = "class A {\n    // region B\n    void b() {\n\n        c();\n    }\n    // endregion\n}\n";
        assertEquals(
                Map.of("B", "void b() {\n\n    c();\n}\n"),
                Region.read(source.lines().toList()));
        assertThrows(AssertionError.class, () -> Region.read(List.of("// region A", "// region B", "// endregion")));
        assertThrows(AssertionError.class, () -> Region.read(List.of("// region A")));
        assertThrows(AssertionError.class, () -> Region.read(List.of("// endregion")));
    }

    @Test
    void everyJavaLineForGoProgramsIsCompiled() throws IOException {
        String compiled = withoutSpace(
                Files.readString(Document.MODULE.resolve("src/test/java/io/tankws/examples/guide/MigrationTest.java")));
        List<String[]> rows = Document.read("docs/migration-from-go.md")
                .text()
                .lines()
                .dropWhile(line -> !line.startsWith("## "))
                .takeWhile(line -> !line.equals("## What differs on purpose"))
                .filter(line -> line.startsWith("| `") || line.startsWith("| | `"))
                .map(line -> line.split(" *\\| *"))
                .toList();
        List<String> java = rows.stream().flatMap(cells -> codes(cells[2])).toList();
        assertEquals(
                List.of(),
                java.stream()
                        .filter(code -> !compiled.contains(withoutSpace(code)))
                        .toList());
        assertTrue(java.size() > 30, () -> "only " + java);
        String go = rows.stream().map(cells -> cells[1]).collect(Collectors.joining("\n"));
        assertEquals(
                List.of(),
                GO_NAMES.stream()
                        .filter(name -> !Pattern.compile("\\b" + name + "\\b")
                                .matcher(go)
                                .find())
                        .toList());
    }

    private static Stream<String> codes(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void theServerHasAsManyLinesAsItsTitleSays() {
        Matcher title = Pattern.compile("## A server in (\\d+) lines")
                .matcher(Document.readme().text());
        assertTrue(title.find());
        assertEquals(
                Integer.parseInt(title.group(1)),
                Document.readme().code("Chat").lines().count());
    }

    @Test
    void theReadmeIsShort() {
        long lines = Document.readme().text().lines().count();
        assertTrue(lines <= MAX_README_LINES, () -> "the README has " + lines + " lines");
    }

    @Test
    void noDocumentComparesASecretWithEquals() {
        for (Document document : Document.all()) {
            assertFalse(document.text().contains("expected::equals"), document::name);
        }
    }
}
