package io.tankws.spi.support;

import io.tankws.wire.IpLiterals;
import java.util.regex.Pattern;

/**
 * The syntax of a host with an optional port, as {@code Host} and a request target in absolute form have it (RFC 9112
 * sections 3.2.2 and 3.3). User information is no part of it: a server must treat it as an error (RFC 9110 section
 * 4.2.4).
 *
 * <p>For transports; not to be extended.
 */
public final class Authority {
    /** Without the semicolon, which some servers take for the end of the host. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~!$&'()*+=%-]++");

    private static final Pattern MALFORMED_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int MAX_PORT = 65535;

    private Authority() {}

    /**
     * Returns whether a text is a host, with or without a port. A name in Unicode is none: clients send its ASCII
     * form.
     *
     * @param text such as {@code example.org:8080} or {@code [::1]}
     * @return {@code false} also for the empty text, and for a port that is not within 1 and 65535
     */
    public static boolean isValid(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', Math.max(0, bracket));
        String host = colon < 0 ? text : text.substring(0, colon);
        return isHost(host) && (colon < 0 || isPort(text.substring(colon + 1)));
    }

    private static boolean isHost(String text) {
        return isIpLiteral(text)
                || NAME.matcher(text).matches()
                        && !MALFORMED_ESCAPE.matcher(text).find();
    }

    private static boolean isIpLiteral(String text) {
        return text.startsWith("[")
                && text.endsWith("]")
                && text.indexOf(':') >= 0
                && IpLiterals.parse(text.substring(1, text.length() - 1)).isPresent();
    }

    private static boolean isPort(String digits) {
        if (!PORT.matcher(digits).matches()) {
            return false;
        }
        int number = Integer.parseInt(digits);
        return number > 0 && number <= MAX_PORT;
    }
}
