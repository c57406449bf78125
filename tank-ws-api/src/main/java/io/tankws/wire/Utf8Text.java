package io.tankws.wire;

import java.nio.charset.StandardCharsets;

/** Conversions of text to UTF-8 that reject a lone surrogate instead of replacing it by a question mark. */
public final class Utf8Text {
    /** The result of {@link #length} for a text that UTF-8 cannot encode. */
    public static final int NOT_ENCODABLE = -1;

    private Utf8Text() {}

    /**
     * Measures a text without encoding it.
     *
     * @param text any text
     * @return the number of bytes in UTF-8, or {@link #NOT_ENCODABLE} if the text has a lone surrogate
     */
    public static int length(String text) {
        int length = text.length();
        int bytes = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                bytes += 2;
                if (Character.isSurrogate(c)) {
                    if (Character.isLowSurrogate(c)
                            || i + 1 == length
                            || !Character.isLowSurrogate(text.charAt(i + 1))) {
                        return NOT_ENCODABLE;
                    }
                    // A pair has four bytes: two for its chars, and the two that were added for its first char.
                    i++;
                }
            } else if (c >= 0x80) {
                bytes++;
            }
        }
        return bytes;
    }

    /**
     * Encodes a text.
     *
     * @param name the name of the text in the exception
     * @param text any text
     * @return its UTF-8
     * @throws IllegalArgumentException if the text has a lone surrogate
     */
    public static byte[] encode(String name, String text) {
        if (length(text) == NOT_ENCODABLE) {
            throw loneSurrogate(name);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks the length of a text.
     *
     * @param name the name of the text in the exception
     * @param text any text
     * @param max the maximum number of bytes in UTF-8
     * @return the text
     * @throws IllegalArgumentException if the text is empty, longer, or has a lone surrogate
     */
    public static String requireLength(String name, String text, int max) {
        int length = length(text);
        if (length == NOT_ENCODABLE) {
            throw loneSurrogate(name);
        }
        if (length < 1 || length > max) {
            throw new IllegalArgumentException(name + " must have 1 to " + max + " bytes in UTF-8, but had " + length);
        }
        return text;
    }

    private static IllegalArgumentException loneSurrogate(String name) {
        return new IllegalArgumentException(name + " must not have a lone surrogate");
    }
}
