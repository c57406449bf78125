package io.tankws;

import java.util.Arrays;
import java.util.stream.Stream;

/** The few rules of HTTP's grammar that a handshake needs (RFC 9110 section 5). */
final class HttpSyntax {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HttpSyntax() {}

    static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || TOKEN_MARKS.indexOf(c) >= 0);
    }

    /** Returns whether a header may have this value: a tab and what Latin-1 has besides control characters. */
    static boolean isFieldValue(String text) {
        return text.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~' || c >= 0xA0 && c <= 0xFF);
    }

    /** Splits a comma-separated list (RFC 9110 section 5.6.1), without empty members. */
    static Stream<String> list(String value) {
        return Arrays.stream(value.split(",")).map(String::strip).filter(member -> !member.isEmpty());
    }
}
