package io.tankws.spi.support;

import io.tankws.wire.PrintableText;
import org.jspecify.annotations.Nullable;

/**
 * Text chosen by a peer, made safe for one line of a log. A client can put line ends and characters that change the
 * direction of text into user ids, topics and paths; such text must not be able to forge a line, or to hide a part of
 * one.
 *
 * <p>For transports, backplanes and this library; not to be extended.
 */
public final class LogText {
    /** The longest text that is logged, in characters after escaping; the rest is replaced by an ellipsis. */
    public static final int MAX_LENGTH = PrintableText.MAX_LENGTH;

    private LogText() {}

    /**
     * Returns the text with every character escaped that is not plainly printable: control and format characters,
     * line and paragraph separators, surrogates, private and unassigned characters. They become {@code \}{@code
     * uXXXX}, and a backslash becomes two.
     *
     * @param text any text; {@code null} becomes {@code "null"}
     * @return at most {@link #MAX_LENGTH} characters on one line
     */
    public static String escape(@Nullable String text) {
        return PrintableText.escape(text);
    }
}
