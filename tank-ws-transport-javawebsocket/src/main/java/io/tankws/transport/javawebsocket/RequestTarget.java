package io.tankws.transport.javawebsocket;

import io.tankws.spi.Authority;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target of a request in each of its forms (RFC 9112 section 3.2).
 *
 * @param pathAndQuery the target in origin form; {@code *} for the server as a whole
 * @param authority the authority of a target in absolute form, which takes the place of Host; empty for other forms
 */
record RequestTarget(String pathAndQuery, Optional<String> authority) {
    private static final Pattern ENCODED_DOT = Pattern.compile("%2[Ee]");
    private static final String PATH_MARKS = "-._~!$&'()*+,;=:@/";
    private static final Pattern ABSOLUTE_FORM = Pattern.compile("(?i:https?|wss?)://([^/?]*+)(.*+)");

    static RequestTarget parse(String method, String target) throws RequestException {
        if (method.equals("CONNECT")) {
            throw Authority.isValid(target)
                    ? new RequestException(405, "a WebSocket handshake is a GET")
                    : new RequestException(400, "the target of a CONNECT is a host and a port");
        }
        if (target.equals("*") && method.equals("OPTIONS")) {
            return new RequestTarget(target, Optional.empty());
        }
        Matcher absolute = ABSOLUTE_FORM.matcher(target);
        if (!absolute.matches()) {
            return new RequestTarget(originForm(target), Optional.empty());
        }
        String authority = absolute.group(1);
        // A colon without a port is that of the default port (RFC 3986 section 3.2.3).
        String host = authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
        if (!Authority.isValid(host)) {
            throw new RequestException(400, "the request target names no host");
        }
        String rest = absolute.group(2);
        return new RequestTarget(originForm(rest.startsWith("/") ? rest : "/" + rest), Optional.of(host));
    }

    private static String originForm(String target) throws RequestException {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        if (!path.startsWith("/") || !isPath(path) || leavesTheRoot(path)) {
            throw new RequestException(400, "the request target is malformed");
        }
        return target;
    }

    /** No regular expression: one with alternatives takes stack for each character. */
    private static boolean isPath(String text) {
        int at = 0;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '%' && isEncoded(text, at)) {
                at += 3;
            } else if (isLetterOrDigit(next) || PATH_MARKS.indexOf(next) >= 0) {
                at++;
            } else {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** Control characters and backslashes are refused: another server on the way may read them as something else. */
    private static boolean isEncoded(String text, int at) {
        if (at + 2 >= text.length()) {
            return false;
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        int code = 16 * high + low;
        return high >= 0 && low >= 0 && code >= ' ' && code != 0x7F && code != '\\';
    }

    /** Returns whether dot segments lead above the root, as in {@code /../ws}; parameters of a segment do not count. */
    private static boolean leavesTheRoot(String path) {
        int depth = 0;
        for (String segment : path.substring(1).split("/", -1)) {
            String name = ENCODED_DOT.matcher(segment.split(";", 2)[0]).replaceAll(".");
            if (name.equals("..")) {
                depth--;
            } else if (!name.equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }
}
