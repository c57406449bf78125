package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.Authority;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target of a request in any of its forms (RFC 9112 section 3.2).
 *
 * @param pathAndQuery the target in origin form; {@code *} for the server as a whole
 * @param authority the authority of a target in absolute form, which replaces Host; empty for other forms
 */
record RequestTarget(String pathAndQuery, Optional<String> authority) {
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
        // An empty port is the default port (RFC 3986 section 3.2.3).
        String host = authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
        if (!Authority.isValid(host)) {
            throw new RequestException(400, "the request target names no host");
        }
        String rest = absolute.group(2);
        return new RequestTarget(originForm(rest.startsWith("/") ? rest : "/" + rest), Optional.of(host));
    }

    /** Checks the form. The lookup of the handler checks the path, as on every transport. */
    private static String originForm(String target) throws RequestException {
        if (!target.startsWith("/")) {
            throw new RequestException(400, "the request target is malformed");
        }
        return target;
    }
}
