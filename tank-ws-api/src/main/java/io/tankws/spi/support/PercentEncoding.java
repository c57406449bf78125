package io.tankws.spi.support;

import io.tankws.wire.PercentText;
import java.util.Optional;

/**
 * Percent-encoding of request targets (RFC 3986 section 2.1), always of UTF-8. Malformed text is reported and never
 * replaced, because two different malformed texts must not become the same text.
 *
 * <p>For transports and this library; not to be extended.
 */
public final class PercentEncoding {
    private PercentEncoding() {}

    /**
     * Decodes a part of a path or of any other text in which a plus sign means itself.
     *
     * @param text percent-encoded text
     * @return empty if an escape is incomplete, or the bytes are not UTF-8
     */
    public static Optional<String> decode(String text) {
        return PercentText.decode(text);
    }

    /**
     * Returns the form of a path in which equal paths are equal texts (RFC 3986 section 6.2.2): escapes in upper
     * case, unreserved characters without an escape, and every character that no path may hold as an escape of its
     * UTF-8 bytes. Reserved characters keep their meaning: {@code /a:b} is not {@code /a%3Ab}.
     *
     * @param path as a request target or an application writes it, without a query
     * @return the normalized path
     * @throws IllegalArgumentException if an escape is malformed or its bytes are not UTF-8, if there is a backslash,
     *     a control character or an escaped slash, backslash or control character, or if a segment is {@code .} or
     *     {@code ..}, with or without parameters such as {@code ;x=y}
     */
    public static String normalizePath(String path) {
        return PercentText.normalizePath(path);
    }
}
