package io.tankws.it.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The text of a Markdown file: its headings, and the rest without code. */
final class MarkdownProse {
    private static final Pattern FENCED = Pattern.compile("(?ms)^[ \\t]*(```|~~~).*?^[ \\t]*\\1[ \\t]*$");
    private static final Pattern CODE = Pattern.compile("`[^`]+`|]\\([^)\\n]*\\)");

    private MarkdownProse() {}

    static List<Passage> of(String document) {
        String text = blank(CODE, blank(FENCED, document));
        List<Passage> passages = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        int number = 1;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("#")) {
                passages.add(new Passage(Passage.Kind.HEADING, number, line));
                body.append('\n');
            } else {
                body.append(line).append('\n');
            }
            number++;
        }
        passages.add(new Passage(Passage.Kind.DOCUMENT, 1, body.toString()));
        return passages;
    }

    private static String blank(Pattern code, String text) {
        return code.matcher(text).replaceAll(found -> found.group().replaceAll("\\S", "`"));
    }
}
