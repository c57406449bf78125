package io.tankws.wire;

/**
 * A strict check that bytes are one complete JSON value (RFC 8259). It accepts white space around the value and any
 * type of value at the top. It rejects a byte order mark, comments, trailing commas and more than one value.
 *
 * <p>It does not check the UTF-8 of strings, see {@link Utf8Validator#isValid}. It accepts a name that occurs twice in
 * an object, and an escape of a lone surrogate, because the grammar allows both.
 */
public final class JsonScanner {
    /** The maximum depth of nested arrays and objects. A deeper value is rejected at the bracket that exceeds it. */
    public static final int MAX_DEPTH = 1000;

    /** The result for a complete value. */
    public static final int VALID = -1;

    /** The result of {@link #peek} at the end of the text. */
    private static final int END = -1;

    private static final long[] NO_MORE = {};

    private final byte[] text;
    private int at;
    private int depth;

    /** One bit for each of the first 64 open brackets: 1 for an object, 0 for an array. */
    private long openBrackets;
    /** The bits of deeper brackets. Allocated only for text that is nested so deeply. */
    private long[] deeperBrackets = NO_MORE;

    private JsonScanner(byte[] text) {
        this.text = text;
    }

    /**
     * Checks a text.
     *
     * @param text JSON in UTF-8
     * @return {@link #VALID}, or the index of the first byte that cannot be there, which is the length of an
     *     incomplete text
     */
    public static int firstInvalid(byte[] text) {
        JsonScanner scanner = new JsonScanner(text);
        return scanner.document() ? VALID : scanner.at;
    }

    private boolean document() {
        while (true) {
            if (!startOfValue()) {
                return false;
            }
            skipWhiteSpace();
            while (depth > 0 && peek() == (isInObject() ? '}' : ']')) {
                at++;
                depth--;
                skipWhiteSpace();
            }
            if (depth == 0) {
                return at == text.length;
            }
            if (!skip(',') || isInObject() && !name()) {
                return false;
            }
        }
    }

    /** Reads a scalar, an empty container, or the start of a container up to its first scalar or empty container. */
    private boolean startOfValue() {
        while (true) {
            skipWhiteSpace();
            int first = peek();
            if (first != '{' && first != '[') {
                return scalar(first);
            }
            boolean object = first == '{';
            if (depth == MAX_DEPTH) {
                return false;
            }
            open(object);
            at++;
            skipWhiteSpace();
            if (peek() == (object ? '}' : ']')) {
                return true;
            }
            if (object && !name()) {
                return false;
            }
        }
    }

    private void open(boolean object) {
        if (depth < Long.SIZE) {
            openBrackets = withBit(openBrackets, depth, object);
        } else {
            if (deeperBrackets.length == 0) {
                deeperBrackets = new long[(MAX_DEPTH - 1) / Long.SIZE];
            }
            int word = depth / Long.SIZE - 1;
            deeperBrackets[word] = withBit(deeperBrackets[word], depth, object);
        }
        depth++;
    }

    private static long withBit(long word, int index, boolean value) {
        long bit = 1L << index;
        return value ? word | bit : word & ~bit;
    }

    private boolean isInObject() {
        int last = depth - 1;
        long word = last < Long.SIZE ? openBrackets : deeperBrackets[last / Long.SIZE - 1];
        return (word >>> last & 1) == 1;
    }

    private boolean name() {
        skipWhiteSpace();
        if (!string()) {
            return false;
        }
        skipWhiteSpace();
        return skip(':');
    }

    private boolean scalar(int first) {
        return switch (first) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean literal(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!skip(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        skip('-');
        if (!skip('0') && !digits()) {
            return false;
        }
        if (skip('.') && !digits()) {
            return false;
        }
        if (skip('e') || skip('E')) {
            if (!skip('+')) {
                skip('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at > start;
    }

    private boolean string() {
        if (!skip('"')) {
            return false;
        }
        while (at < text.length) {
            byte b = text[at];
            if (b == '"') {
                at++;
                return true;
            }
            // Bytes of characters above U+007F are negative.
            if (b >= 0 && b < ' ') {
                return false;
            }
            if (b != '\\') {
                at++;
            } else if (!escape()) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        at++;
        int b = peek();
        if (b == END || "\"\\/bfnrtu".indexOf(b) < 0) {
            return false;
        }
        at++;
        if (b == 'u') {
            for (int end = at + 4; at < end; at++) {
                if (Character.digit(peek(), 16) < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void skipWhiteSpace() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private boolean skip(char expected) {
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    /** Returns the next byte as 0 to 255, or {@link #END}. */
    private int peek() {
        return at < text.length ? text[at] & 0xFF : END;
    }
}
