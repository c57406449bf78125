package io.tankws.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Percent-encoding of request targets (RFC 3986 section 2.1), always of UTF-8. Malformed text is reported and never
 * replaced, because two different malformed texts must not become the same text.
 */
public final class PercentText {
    private static final String UNRESERVED_MARKS = "-._~";
    /** The characters of a path besides the unreserved ones (RFC 3986 section 3.3). */
    private static final String PATH_MARKS = "/!$&'()*+,;=:@";

    private PercentText() {}

    /**
     * Decodes a part of a path or of any other text in which a plus sign means itself.
     *
     * @param text percent-encoded text
     * @return empty if an escape is incomplete, or the bytes are not UTF-8
     */
    public static Optional<String> decode(String text) {
        return text.indexOf('%') < 0 ? Optional.of(text).filter(PercentText::isUnicode) : decode(text, false);
    }

    /**
     * Decodes a name or a value of a query, in which a plus sign means a space (URL standard,
     * application/x-www-form-urlencoded).
     *
     * @param text percent-encoded text
     * @return empty if an escape is incomplete, or the bytes are not UTF-8
     */
    public static Optional<String> decodeForm(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0
                ? Optional.of(text).filter(PercentText::isUnicode)
                : decode(text, true);
    }

    private static Optional<String> decode(String text, boolean form) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            ByteBuffer decoded = ByteBuffer.allocate(encoded.remaining());
            while (encoded.hasRemaining()) {
                byte next = encoded.get();
                if (next == '%') {
                    decoded.put((byte) escaped(encoded));
                } else {
                    decoded.put(form && next == '+' ? (byte) ' ' : next);
                }
            }
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString());
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isUnicode(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /**
     * Returns the form of a path in which equal paths are equal texts (RFC 3986 section 6.2.2): escapes in upper
     * case, unreserved characters without an escape, and every character that no path may hold, such as a space or a
     * letter that is not ASCII, as an escape of its UTF-8 bytes. Two paths that differ only in how a reserved
     * character is written stay different, such as {@code /a:b} and {@code /a%3Ab}.
     *
     * @param path as a request target or an application writes it, without a query
     * @return the normalized path
     * @throws IllegalArgumentException if an escape is malformed or its bytes are not UTF-8, if there is a backslash,
     *     a control character or an escaped slash, backslash or control character, or if a segment is {@code .} or
     *     {@code ..}, with or without parameters such as {@code ;x=y}; such paths mean different things to different
     *     servers
     */
    public static String normalizePath(String path) {
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(path));
        } catch (CharacterCodingException e) {
            throw malformed("be Unicode text", path);
        }
        StringBuilder normalized = new StringBuilder(path.length());
        while (bytes.hasRemaining()) {
            int next = bytes.get() & 0xFF;
            boolean escaped = next == '%';
            if (escaped) {
                next = escaped(bytes);
            }
            if (next < ' ' || next == 0x7F || next == '\\' || escaped && next == '/') {
                throw malformed("hold no backslash, no control character and no escaped slash", path);
            }
            if (isUnreserved(next) || !escaped && PATH_MARKS.indexOf(next) >= 0) {
                normalized.append((char) next);
            } else {
                normalized.append('%').append(hex(next >> 4)).append(hex(next & 0xF));
            }
        }
        String result = normalized.toString();
        if (decode(result).isEmpty()) {
            throw malformed("be percent-encoded UTF-8", path);
        }
        if (Arrays.stream(result.split("/", -1)).anyMatch(PercentText::isDotSegment)) {
            throw malformed("have no segment that is . or ..", path);
        }
        return result;
    }

    /** Some servers remove the parameters of a segment, as in {@code /..;x/ws}, before they interpret it. */
    private static boolean isDotSegment(String segment) {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        return name.equals(".") || name.equals("..");
    }

    private static int escaped(ByteBuffer bytes) {
        int high = bytes.remaining() < 2 ? -1 : digit(bytes.get());
        int low = high < 0 ? -1 : digit(bytes.get());
        if (low < 0) {
            throw new IllegalArgumentException("a percent sign must be followed by two hexadecimal digits");
        }
        return high << 4 | low;
    }

    /** Unlike {@link Character#digit(int, int)}, for ASCII alone. */
    private static int digit(byte digit) {
        return digit < 0 ? -1 : Character.digit(digit, 16);
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED_MARKS.indexOf(c) >= 0;
    }

    private static IllegalArgumentException malformed(String rule, String path) {
        return new IllegalArgumentException("a path must " + rule + ", but was " + path);
    }
}
