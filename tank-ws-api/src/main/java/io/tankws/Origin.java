package io.tankws;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scheme, host and port of a page as a browser writes them in {@code Origin} (URL standard, host and origin
 * serialization).
 *
 * @param scheme lower case
 * @param host lower case; a name keeps its trailing dot, since a browser takes it for another origin
 * @param port the default port of the scheme if none is written, -1 if the scheme has no default port
 */
record Origin(String scheme, String host, int port) {
    private static final Pattern ORIGIN = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*+)://(.*+)");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int MAX_PORT = 65535;

    /** The schemes whose hosts browsers parse; they leave the hosts of other schemes as they are. */
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443, "ws", 80, "wss", 443);

    /** A host of another scheme, such as {@code chrome-extension://abc}: empty in {@code file://}, opaque otherwise. */
    private static final Pattern OPAQUE_HOST = Pattern.compile("[\\x21-\\x7E&&[^\"#/:<>?@\\[\\\\\\]^|*]]++");

    static Optional<Origin> parse(String text) {
        Matcher parts = ORIGIN.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String authority = parts.group(2);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = DEFAULT_PORTS.getOrDefault(scheme, -1);
        if (hasPort) {
            String digits = authority.substring(colon + 1);
            port = PORT.matcher(digits).matches() ? Integer.parseInt(digits) : MAX_PORT + 1;
        }
        if (port > MAX_PORT) {
            return Optional.empty();
        }
        int normalized = port;
        return host(scheme, host).map(name -> new Origin(scheme, name, normalized));
    }

    private static Optional<String> host(String scheme, String host) {
        if (DEFAULT_PORTS.containsKey(scheme)) {
            String dot = host.endsWith(".") ? "." : "";
            return HostName.withoutPort(host).map(name -> name.text() + dot);
        }
        boolean valid = host.isEmpty()
                ? scheme.equals("file")
                : OPAQUE_HOST.matcher(host).matches();
        return valid ? Optional.of(host.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** Returns whether the page has the scheme and host that the request was sent to. */
    static boolean same(HandshakeRequest request) {
        Optional<Origin> page = request.origin().flatMap(Origin::parse);
        Optional<Origin> target =
                request.header("Host").flatMap(host -> parse((request.isSecure() ? "https://" : "http://") + host));
        return page.isPresent() && page.equals(target);
    }
}
