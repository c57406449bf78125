package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LogTextTest {
    private static final Set<Byte> NOT_PLAIN = Set.of(
            Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED);

    @Test
    void leavesPlainTextAsItIs() {
        for (String text : new String[] {"", "ann", "a/b +ü", "日本語", "\uD83D\uDE80 go", "<b>&amp;\"'"}) {
            assertEquals(text, LogText.escape(text));
        }
        assertEquals("null", LogText.escape(null));
    }

    @Test
    void escapesCharactersThatForgeOrHideALine() {
        assertEquals("a\\u000Ab\\u000D", LogText.escape("a\nb\r"));
        assertEquals("\\u0085\\u2028\\u2029\\u202E", LogText.escape("\u0085\u2028\u2029\u202E"));
        assertEquals("\\u001B[2K\\u009B", LogText.escape("\u001B[2K\u009B"));
        assertEquals("\\u200B\\u2066\\uFEFF\\u00AD", LogText.escape("\u200B\u2066\uFEFF\u00AD"));
        assertEquals("\\uD800x\\uE000\\u0378", LogText.escape("\uD800x\uE000\u0378"));
        assertEquals("\\uDB40\\uDC41", LogText.escape(Character.toString(0xE0041)));
        assertEquals("\\\\u000A", LogText.escape("\\u000A"));
    }

    @Test
    void leavesNoOtherCharacterThanPlainOnes() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            boolean plain = point != '\\' && !NOT_PLAIN.contains((byte) Character.getType(point));
            String text = Character.toString(point);
            assertEquals(plain, LogText.escape(text).equals(text), text);
        }
    }

    @Test
    void boundsTheLength() {
        int most = LogText.MAX_LENGTH;
        assertEquals("x".repeat(most), LogText.escape("x".repeat(most)));
        assertEquals("x".repeat(most - 3) + "...", LogText.escape("x".repeat(most + 1)));
        String escaped = LogText.escape("\u2028".repeat(most));
        assertTrue(escaped.length() <= most && escaped.endsWith("\\u2028..."), escaped);
        assertTrue(LogText.escape("\uD83D\uDE80".repeat(most)).length() <= most);
    }
}
