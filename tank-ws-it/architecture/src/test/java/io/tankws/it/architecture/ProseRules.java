package io.tankws.it.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules for English in comments, documents and messages: a table of words with what to write instead. */
final class ProseRules {
    private static final int MAX_COMMENT_LINE = 120;

    /** Words and phrases that never occur. A space stands for any white space, so a phrase may span two lines. */
    private static final String[][] WORDS = {
        {"whoever|whomever|whom", "name the actor: client, peer, session, node, subscriber, caller"},
        {"(?:of|by|to|for|from|with|than|at|on) who", "name the actor: client, peer, session, node, subscriber, caller"
        },
        {"somebody|nobody|others", "name the actor: another client, no caller, the other threads"},
        {"anew", "write again"},
        {"seldom", "write rarely"},
        {"shall", "write must"},
        {"lest", "write so that … not"},
        {"thereby|thus|hence", "start a new sentence, or write so"},
        {"by way of", "write through"},
        {"in vain", "say what failed"},
        {"at hand", "write available"},
        {"(?:is|are|was|were) through", "write is complete"},
        {"(?:makes?|made|making) no end", "write does not complete"},
        {"(?:comes?|came|coming) to (?:its|an|their) end", "write ends"},
        {"by (?:itself|themselves)", "write on its own"},
        {"tells?|telling|told", "write report, notify or state"},
        {"meanwhile", "say during what"},
        {"(?:comes?|came|coming|queued|sent|written) behind", "write after"},
        {"behind (?:it|them|that|this|these|those|which|what|each other|one another)", "write after"},
        {"(?:lets?|letting)(?: us| them| it)? in", "write accept or admit"},
        {"cuts? off|cutting off", "write disconnect"},
        {"what (?:is|was) left", "write the remaining …"},
        {"finds? out|found out", "write detect"},
        {"from soon on", "write until when, or nothing"},
        {"(?:live|lives|lived) to see", "name the event that comes first"},
        {"from then on", "name the event: after the handshake, …"},
        {"returns this\\.", "say what the method configures, its unit, default and range"},
    };

    private static final Map<Pattern, String> MARKERS = markers();

    private static final String SENTENCE_BREAK = "\\A"
            + "|[.!?][\")*_]*\\s"
            + "|\\n[ \\t]*\\n"
            + "|(?m:^)[ \\t]*(?:[-*+]|\\d+\\.)\\s"
            + "|<(?:p|li|td|dd|h\\d)>"
            + "|@(?:param|throws|provides|uses)\\s+\\S+\\s"
            + "|@return\\s";

    /** A sentence that starts with a noun clause or without a subject; a question may. */
    private static final Pattern SENTENCE_START = Pattern.compile(
            "(?:" + SENTENCE_BREAK + ")[\\s\"(*_]*\\b(?<found>What|Who|Whoever|Whom|That|Of|Behind|Whether"
                    + "|Tells|Says|So(?! (?:the|a|an|each|every|it|they|this|these|all|no)\\b))\\b(?![^.!?]*\\?)");

    private static final Pattern TAG_START =
            Pattern.compile("@(?:param\\s+\\S+|throws\\s+\\S+|return)\\s+(?<found>what|who)\\b");

    private ProseRules() {}

    /**
     * One place that breaks a rule.
     *
     * @param isMarker whether a marker word of a comment was found, which counts for the rate per 1000 comment lines
     */
    record Violation(int line, String found, String advice, boolean isMarker) {
        @Override
        public String toString() {
            return line + ": \"" + found.replaceAll("\\s+", " ") + "\": " + advice;
        }
    }

    static List<Violation> checkJava(String source) {
        List<Violation> violations = check(JavaProse.of(source));
        int number = 1;
        for (String line : source.split("\n", -1)) {
            if (line.length() > MAX_COMMENT_LINE && JavaProse.isComment(line)) {
                violations.add(new Violation(
                        number,
                        line.strip().substring(0, 30),
                        "a comment line has at most " + MAX_COMMENT_LINE + " characters, but this one has "
                                + line.length(),
                        false));
            }
            number++;
        }
        return violations;
    }

    static List<Violation> checkMarkdown(String document) {
        return check(MarkdownProse.of(document));
    }

    private static List<Violation> check(List<Passage> passages) {
        List<Violation> violations = new ArrayList<>();
        for (Passage passage : passages) {
            boolean isComment = passage.kind() == Passage.Kind.COMMENT;
            MARKERS.forEach((pattern, advice) -> find(pattern, passage, advice, isComment, violations));
            if (passage.kind() != Passage.Kind.HEADING) {
                find(SENTENCE_START, passage, "start the sentence with its subject", false, violations);
            }
            find(TAG_START, passage, "start with a noun", false, violations);
        }
        return violations;
    }

    private static void find(
            Pattern pattern, Passage passage, String advice, boolean isMarker, List<Violation> violations) {
        Matcher matcher = pattern.matcher(passage.text());
        while (matcher.find()) {
            int line = passage.lineAt(matcher.start("found"));
            violations.add(new Violation(line, matcher.group("found"), advice, isMarker));
        }
    }

    private static Map<Pattern, String> markers() {
        Map<Pattern, String> patterns = new LinkedHashMap<>();
        for (String[] row : WORDS) {
            String phrase = row[0].replace(" ", "\\s+");
            String end = phrase.endsWith(".") ? "" : "\\b";
            patterns.put(Pattern.compile("(?i)\\b(?<found>" + phrase + ")" + end), row[1]);
        }
        return patterns;
    }
}
