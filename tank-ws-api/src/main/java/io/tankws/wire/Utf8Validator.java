package io.tankws.wire;

import java.nio.ByteBuffer;

/**
 * A validator of UTF-8 that arrives in pieces (RFC 3629 section 4). It rejects overlong forms, surrogates and values
 * above U+10FFFF. One instance serves one text. Not thread-safe.
 */
public final class Utf8Validator {
    /** Number of continuation bytes that the current character still needs. */
    private int missing;

    /** Range of the next continuation byte. It is narrower than 80..BF only after some first bytes. */
    private int low = 0x80;

    private int high = 0xBF;

    /** Creates a validator at the start of a text. */
    public Utf8Validator() {}

    /**
     * Checks a whole text and leaves its position alone.
     *
     * @param text the bytes of the text
     * @return {@code false} for overlong forms, surrogates, values above U+10FFFF and incomplete characters
     */
    public static boolean isValid(ByteBuffer text) {
        Utf8Validator validator = new Utf8Validator();
        return validator.accept(text) && validator.complete();
    }

    /**
     * Checks the next piece and leaves its position alone.
     *
     * @param piece the bytes that follow those of the calls before
     * @return whether the text so far can still become valid; after {@code false} the validator is spent
     */
    public boolean accept(ByteBuffer piece) {
        for (int i = piece.position(), end = piece.limit(); i < end; i++) {
            int b = piece.get(i) & 0xFF;
            if (missing == 0 ? !first(b) : !continuation(b)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether the text may end here.
     *
     * @return {@code false} in the middle of a character
     */
    public boolean complete() {
        return missing == 0;
    }

    private boolean first(int b) {
        if (b < 0x80) {
            return true;
        }
        if (b < 0xC2 || b > 0xF4) {
            return false;
        }
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        return true;
    }

    private boolean continuation(int b) {
        if (b < low || b > high) {
            return false;
        }
        missing--;
        low = 0x80;
        high = 0xBF;
        return true;
    }
}
