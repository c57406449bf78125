package io.tankws.wire;

import org.jspecify.annotations.Nullable;

/**
 * The escaping of text from peers for one line of a log. A client can put line ends and characters that change the
 * text direction into user ids, topics and paths. Such text must not forge a line or hide a part of one.
 */
public final class PrintableText {
    /** Maximum length of logged text, in characters after escaping. An ellipsis replaces the rest. */
    public static final int MAX_LENGTH = 512;

    private static final String ELLIPSIS = "...";

    private PrintableText() {}

    /**
     * Returns the text with every character escaped that is not plainly printable: control and format characters,
     * line and paragraph separators, surrogates, private and unassigned characters. They become {@code \}{@code
     * uXXXX}, and a backslash becomes two.
     *
     * @param text any text; {@code null} becomes {@code "null"}
     * @return at most {@link #MAX_LENGTH} characters on one line
     */
    public static String escape(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        if (text.length() <= MAX_LENGTH && text.codePoints().allMatch(PrintableText::isPlain)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(Math.min(MAX_LENGTH, 2 * text.length()));
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            String piece = piece(point);
            i += Character.charCount(point);
            int room = MAX_LENGTH - (i < text.length() ? ELLIPSIS.length() : 0);
            if (escaped.length() + piece.length() > room) {
                return escaped.append(ELLIPSIS).toString();
            }
            escaped.append(piece);
        }
        return escaped.toString();
    }

    private static String piece(int point) {
        if (point == '\\') {
            return "\\\\";
        }
        if (isPlain(point)) {
            return Character.toString(point);
        }
        StringBuilder codes = new StringBuilder();
        for (char unit : Character.toChars(point)) {
            codes.append(String.format("\\u%04X", (int) unit));
        }
        return codes.toString();
    }

    private static boolean isPlain(int point) {
        return point != '\\'
                && switch (Character.getType(point)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> false;
                    default -> true;
                };
    }
}
