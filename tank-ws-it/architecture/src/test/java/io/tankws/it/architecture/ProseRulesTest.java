package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProseRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pings each client and drops who then stays silent: whoever sends nothing after a ping.",
                "Who has not answered at the deadline is cut off.",
                "so no caller need look at the stage. What depends on a stage may block.",
                "The handshake was accepted, but the peer did not live to see it. The only call.",
                "That is no longer so, or not yet. Not told twice without onUp between.",
                "Wants what is published on a channel from soon on, also after each reconnection.",
                "Finds out after an outage what was missed of streams in which nothing more came",
                "Who got in at the last moment was told of, so its end must be too.",
                "Queues for the others what somebody else is sending one by one.",
                "a write made no end in time",
                "Redis did not let us in for 5000 ms",
                "Say what is told of a publisher that has ended",
                "So many are left.",
                "Whether it is open.",
                "Of the backplane's thread.",
                "The first. Behind it comes the second.",
                "Sets the interval. Returns this.",
                "A client shall answer.",
                "Waits in\n * vain."
            })
    void bothCommentsAndDocumentsRejectUnclearSentences(String sentence) {
        assertFalse(ProseRules.checkJava("/**\n * " + sentence + "\n */\nclass A {}")
                .isEmpty());
        assertFalse(ProseRules.checkMarkdown("- " + sentence.replace("\n *", "\n") + "\n")
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pings every client at this interval and disconnects clients that send nothing within the timeout.",
                "Clients that have not answered by the deadline are disconnected.",
                "so callers may ignore the stage. Dependent actions may block: they run on a callback thread.",
                "The peer disconnected before the accepted handshake completed. No other method is called.",
                "The backplane is unavailable. Called at most once between two calls of `onConnected`.",
                "Subscribes to a channel. The subscription is restored after each reconnection.",
                "Detects messages lost at the end of a stream during an outage, where no later message reveals the gap.",
                "A session that opened during shutdown has published CONNECT, so it must publish DISCONNECT.",
                "Completes a delivery that another thread has in progress by queueing it for the remaining subscribers.",
                "write timed out",
                "login to Redis timed out after 5000 ms",
                "Document gaps of stopped publishers",
                "Servers behind a proxy see its address. So the server reads the header.",
                "Who may connect? Every client that the authenticator accepts."
            })
    void neitherCommentsNorDocumentsRejectPlainSentences(String sentence) {
        assertEquals(List.of(), ProseRules.checkJava("/** " + sentence + " */\nclass A {}"));
        assertEquals(List.of(), ProseRules.checkMarkdown("- " + sentence + "\n"));
    }

    @Test
    void aViolationNamesItsLine() {
        List<ProseRules.Violation> violations =
                ProseRules.checkJava("class A {\n    // Fine.\n\n    // Closes it\n    // anew.\n}");
        assertEquals(1, violations.size(), violations::toString);
        assertEquals(5, violations.get(0).line());
        assertEquals("5: \"anew\": write again", violations.get(0).toString());
        assertEquals(
                3, ProseRules.checkMarkdown("# Title\n\nIt is seldom.\n").get(0).line());
    }

    @Test
    void stringLiteralsAreChecked() {
        assertEquals(1, check("throw new A(\"the peer was told\");"));
        assertEquals(1, check("String a = \"\"\"\n    The peer was told\n    \"\"\";"));
    }

    @Test
    void codeIsIgnored() {
        assertEquals(
                0, check("told(\"told\", '\"', \"a b\"); // The method {@code told}, see {@link A#told(int) it}."));
        assertEquals(0, check("/** Returns {@code {told}}.\n * @see #told\n */"));
        assertEquals(
                List.of(), ProseRules.checkMarkdown("Call `told`, see [this](told.md).\n\n```java\n// told\n```\n"));
    }

    @Test
    void aCommentInsideAStringIsNoComment() {
        assertEquals(0, JavaProse.commentLines("String a = \"https://a/*\"; char b = '\"'; String c = \"//\";"));
        assertEquals(3, JavaProse.commentLines("/*\n * a\n */\n"));
    }

    @Test
    void blockTagsStartWithANoun() {
        assertEquals(2, check("/**\n * Returns it.\n *\n * @param a what it is\n * @return who it is\n */"));
        assertEquals(
                0, check("/**\n * Returns it.\n *\n * @param a the client who sent it\n * @return whether it is\n */"));
    }

    @Test
    void headingsMayBeNounClauses() {
        assertEquals(List.of(), ProseRules.checkMarkdown("## What it promises\n"));
        assertEquals(1, ProseRules.checkMarkdown("## What clients are told\n").size());
    }

    @Test
    void longCommentLinesAreRejected() {
        assertEquals(0, check("// " + "a".repeat(117)));
        assertEquals(1, check("// " + "a".repeat(118)));
        assertEquals(0, check("call(" + "a".repeat(118) + ");"));
    }

    @Test
    void onlyMarkerWordsInCommentsAreCounted(@TempDir Path directory) throws IOException {
        Path source = Files.writeString(
                directory.resolve("A.java"), "// Told anew.\n// What is it.\nString a = \"is told\";\n");
        Path document = Files.writeString(directory.resolve("A.md"), "Told.\n");
        ProseReport report = ProseReport.of(directory, List.of(source, document));
        assertEquals(1000, report.markersPer1000Lines());
        assertEquals(
                List.of("A.java:1", "A.java:1", "A.java:2", "A.java:3", "A.md:1"),
                report.violations().stream()
                        .map(violation -> violation.replaceFirst(": .*", ""))
                        .sorted()
                        .toList());
        assertTrue(report.summary().startsWith("5 violations, 2 marker words in 2 comment lines"), report.summary());
    }

    private static int check(String source) {
        return ProseRules.checkJava(source).size();
    }
}
