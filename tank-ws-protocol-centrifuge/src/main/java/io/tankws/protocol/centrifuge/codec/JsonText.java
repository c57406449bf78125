package io.tankws.protocol.centrifuge.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strings of JSON. Only the characters that JSON requires to be escaped are escaped. */
public final class JsonText {
    private static final String HEX = "0123456789ABCDEF";

    private JsonText() {}

    /**
     * Encodes text as a JSON string.
     *
     * @param utf8 the text in UTF-8; its position does not change
     * @return the string with its quotes
     */
    public static ByteBuffer quote(ByteBuffer utf8) {
        ByteOutput out = new ByteOutput();
        out.put('"');
        for (int i = utf8.position(), end = utf8.limit(); i < end; i++) {
            write(out, utf8.get(i));
        }
        out.put('"');
        return out.toBuffer();
    }

    /** Writes a JSON string. */
    static void write(ByteOutput out, String text) {
        out.put('"');
        int start = 0;
        for (int i = 0, length = text.length(); i < length; i++) {
            if (isEscaped(text.charAt(i))) {
                out.utf8(text.substring(start, i));
                write(out, (byte) text.charAt(i));
                start = i + 1;
            }
        }
        out.put((start == 0 ? text : text.substring(start)).getBytes(StandardCharsets.UTF_8));
        out.put('"');
    }

    private static boolean isEscaped(int c) {
        return c < ' ' || c == '"' || c == '\\';
    }

    private static void write(ByteOutput out, byte b) {
        // Bytes of characters above U+007F are negative.
        if (b < 0 || !isEscaped(b)) {
            out.put(b);
            return;
        }
        out.put('\\');
        switch (b) {
            case '\b' -> out.put('b');
            case '\f' -> out.put('f');
            case '\n' -> out.put('n');
            case '\r' -> out.put('r');
            case '\t' -> out.put('t');
            case '"', '\\' -> out.put(b);
            default -> {
                out.ascii("u00");
                out.put(HEX.charAt(b >> 4));
                out.put(HEX.charAt(b & 0xF));
            }
        }
    }
}
