package io.tankws.spi.support;

/**
 * The request line of one HTTP/1.1 request, checked byte by byte while it arrives (RFC 9112 sections 2.2 and 3). A
 * peer that speaks another protocol is refused at its first wrong byte, before it has sent a line or the time for a
 * handshake is over.
 *
 * <p>The check is strict: one space between the parts, {@code HTTP/} in capital letters, CR LF as the end, and only
 * printable ASCII without {@code #} in the target. A method has letters and hyphens alone, as all registered methods
 * have; the other characters of a token appear in the first words of other protocols, such as {@code SSH-2.0}. Not
 * safe for use by several threads.
 *
 * <p>For transports; not to be extended.
 */
public final class RequestLine {
    /** The empty lines that may precede the request line (RFC 9112 section 2.2); one more is refused. */
    public static final int MAX_EMPTY_LINES = 8;

    /** The longest method in bytes; one more is refused. The longest registered method has 17. */
    public static final int MAX_METHOD_LENGTH = 32;

    private static final String VERSION = "HTTP/0.0\r\n";

    private enum Part {
        EMPTY_LINE,
        METHOD,
        TARGET_START,
        ORIGIN_FORM,
        ASTERISK_FORM,
        OTHER_FORM,
        AFTER_SCHEME,
        BEFORE_AUTHORITY,
        AUTHORITY,
        VERSION,
        COMPLETE
    }

    private Part part = Part.METHOD;
    private int emptyLines;
    /** The bytes of the present part. */
    private int length;

    private boolean schemeEnded;

    /** Expects the first byte of a request. */
    public RequestLine() {}

    /**
     * Returns whether the line is complete; further bytes are accepted then, whatever they are.
     *
     * @return {@code true} after the line feed of the request line
     */
    public boolean isComplete() {
        return part == Part.COMPLETE;
    }

    /**
     * Takes the next byte.
     *
     * @param next the byte that the peer has sent
     * @return {@code false} if no request line goes on like this; the peer is to be refused with status 400, and this
     *     object is of no more use
     */
    public boolean accepts(byte next) {
        return switch (part) {
            case EMPTY_LINE -> isEndOfEmptyLine(next);
            case METHOD -> isMethod(next);
            case TARGET_START -> isStartOfTarget(next);
            case ORIGIN_FORM -> isTarget(next);
            case ASTERISK_FORM -> next == ' ' && moveTo(Part.VERSION);
            case OTHER_FORM -> isOtherTarget(next);
            case AFTER_SCHEME ->
                next == '/' ? moveTo(Part.BEFORE_AUTHORITY) : moveTo(Part.OTHER_FORM) && isTarget(next);
            case BEFORE_AUTHORITY -> next == '/' && moveTo(Part.AUTHORITY);
            case AUTHORITY -> "/?:@ ".indexOf(next) < 0 && moveTo(Part.OTHER_FORM) && isTarget(next);
            case VERSION -> isVersion(next);
            case COMPLETE -> true;
        };
    }

    private boolean moveTo(Part next) {
        part = next;
        length = 0;
        return true;
    }

    private boolean isEndOfEmptyLine(byte next) {
        return next == '\n' && ++emptyLines <= MAX_EMPTY_LINES && moveTo(Part.METHOD);
    }

    private boolean isMethod(byte next) {
        if (length == 0 && next == '\r') {
            return moveTo(Part.EMPTY_LINE);
        }
        if (length > 0 && next == ' ') {
            return moveTo(Part.TARGET_START);
        }
        return (isLetter(next) || next == '-') && ++length <= MAX_METHOD_LENGTH;
    }

    private static boolean isLetter(byte next) {
        return next >= 'A' && next <= 'Z' || next >= 'a' && next <= 'z';
    }

    private boolean isStartOfTarget(byte next) {
        return switch (next) {
            case ' ' -> false;
            case '/' -> moveTo(Part.ORIGIN_FORM);
            case '*' -> moveTo(Part.ASTERISK_FORM);
            default -> moveTo(Part.OTHER_FORM) && isTarget(next);
        };
    }

    private boolean isTarget(byte next) {
        return next == ' ' ? moveTo(Part.VERSION) : next > ' ' && next <= '~' && next != '#';
    }

    /** A scheme without an authority, as in {@code http:/ws} and {@code http:///ws}, names no server. */
    private boolean isOtherTarget(byte next) {
        if (next == ':' && !schemeEnded) {
            schemeEnded = true;
            return moveTo(Part.AFTER_SCHEME);
        }
        return isTarget(next);
    }

    private boolean isVersion(byte next) {
        char expected = VERSION.charAt(length++);
        if (length == VERSION.length()) {
            return next == '\n' && moveTo(Part.COMPLETE);
        }
        return expected == '0' ? next >= '0' && next <= '9' : next == expected;
    }
}
