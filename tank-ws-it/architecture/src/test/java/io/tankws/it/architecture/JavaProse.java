package io.tankws.it.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comments and string literals of a Java file. */
final class JavaProse {
    private static final Pattern TOKEN = Pattern.compile("(?s)"
            + "(?<block>/\\*.*?\\*/)"
            + "|(?<line>//[^\\n]*(?:\\n[ \\t]*//[^\\n]*)*)"
            + "|(?<text>\"\"\".*?(?<!\\\\)\"\"\")"
            + "|(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\")"
            + "|(?<character>'(?:\\\\.|[^'\\\\\\n])+')");
    private static final Pattern COMMENT_LINE = Pattern.compile("^\\s*(?:\\*|/\\*|//)|\\s//\\s");
    private static final Pattern DECORATION = Pattern.compile("(?m)^[ \\t]*(?:/\\*+|\\*+/|\\*|//)|\\*+/");
    private static final Pattern CODE = Pattern.compile(
            "\\{@(?:code|literal|snippet|value)\\b[^{}]*(?:\\{[^{}]*}[^{}]*)*}|\\{@(?:link|linkplain)\\s+[^\\s}]+|@see\\s+\\S+");

    private JavaProse() {}

    static List<Passage> of(String source) {
        List<Passage> passages = new ArrayList<>();
        Matcher token = TOKEN.matcher(source);
        int line = 1;
        int counted = 0;
        while (token.find()) {
            line += newlines(source, counted, token.start());
            counted = token.start();
            if (token.group("block") != null || token.group("line") != null) {
                passages.add(new Passage(Passage.Kind.COMMENT, line, comment(token.group())));
            } else if (token.group("character") == null && token.group().strip().contains(" ")) {
                passages.add(new Passage(Passage.Kind.STRING, line, string(token.group())));
            }
        }
        return passages;
    }

    static int commentLines(String source) {
        return of(source).stream()
                .filter(passage -> passage.kind() == Passage.Kind.COMMENT)
                .mapToInt(Passage::lines)
                .sum();
    }

    /** Returns whether this line is a comment or ends with one. */
    static boolean isComment(String line) {
        return COMMENT_LINE.matcher(line).find();
    }

    private static String comment(String token) {
        String undecorated = DECORATION
                .matcher(token)
                .replaceAll(found -> " ".repeat(found.group().length()));
        return CODE.matcher(undecorated).replaceAll(found -> blank(found.group()));
    }

    private static String string(String token) {
        return token.replace('"', ' ').replace("\\n", "  ");
    }

    private static String blank(String code) {
        return code.replaceAll("\\S", "`");
    }

    private static int newlines(String source, int from, int to) {
        return (int) source.substring(from, to).chars().filter(c -> c == '\n').count();
    }
}
