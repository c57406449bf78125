package io.tankws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hops that proxies have written into a request, the one next to the client first. */
final class Forwarded {
    static final String STANDARD = "Forwarded";
    static final String FOR = "X-Forwarded-For";
    static final String PROTO = "X-Forwarded-Proto";
    static final String HOST = "X-Forwarded-Host";

    /** One parameter of a hop (RFC 7239 section 4): its name, then its value as a token or as a quoted string. */
    private static final Pattern PARAMETER = Pattern.compile(
            "([!#$%&'*+.^_`|~0-9A-Za-z-]++)=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]++)|\"((?:[^\"\\\\]|\\\\.)*+)\")[ \\t]*+");

    private static final Pattern BLANKS = Pattern.compile("[ \\t]*+");
    private static final Set<String> READ = Set.of("for", "proto", "host");

    /** The header is malformed. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String header) {
            super("the " + header + " header is malformed");
        }
    }

    /**
     * The entry of one proxy.
     *
     * @param node peer of the proxy, or {@code null} if it is not named
     * @param proto scheme that the peer used, or {@code null}
     * @param host host that the peer requested, or {@code null}
     */
    record Hop(
            @Nullable String node,
            @Nullable String proto,
            @Nullable String host) {}

    private Forwarded() {}

    /** Reads the standard header (RFC 7239); empty if it is not sent or blank. */
    static List<Hop> standard(HandshakeRequest request) throws MalformedException {
        List<Hop> hops = new ArrayList<>();
        for (String line : request.headerValues(STANDARD)) {
            readLine(line, hops);
        }
        return hops;
    }

    private static void readLine(String line, List<Hop> hops) throws MalformedException {
        Matcher blanks = BLANKS.matcher(line);
        Matcher parameter = PARAMETER.matcher(line);
        Map<String, String> hop = new HashMap<>();
        int at = 0;
        boolean mayFollow = true;
        while (true) {
            blanks.region(at, line.length()).lookingAt();
            at = blanks.end();
            if (at == line.length() || line.charAt(at) == ',') {
                add(hop, hops);
                hop = new HashMap<>();
                mayFollow = true;
                if (at++ == line.length()) {
                    return;
                }
            } else if (line.charAt(at) == ';') {
                mayFollow = true;
                at++;
            } else if (mayFollow && parameter.region(at, line.length()).lookingAt()) {
                String name = parameter.group(1).toLowerCase(Locale.ROOT);
                String value = parameter.group(2) != null
                        ? parameter.group(2)
                        : parameter.group(3).replaceAll("\\\\(.)", "$1");
                if (!HttpSyntax.isFieldValue(value) || hop.putIfAbsent(name, value) != null) {
                    throw new MalformedException(STANDARD);
                }
                mayFollow = false;
                at = parameter.end();
            } else {
                throw new MalformedException(STANDARD);
            }
        }
    }

    private static void add(Map<String, String> hop, List<Hop> hops) {
        if (!hop.isEmpty()) {
            hop.keySet().retainAll(READ);
            hops.add(new Hop(hop.get("for"), hop.get("proto"), hop.get("host")));
        }
    }

    /**
     * Reads the older headers; empty if none is sent. Each is a list of its own. The last members belong to the same
     * proxy, since a proxy appends.
     */
    static List<Hop> older(HandshakeRequest request) {
        List<String> nodes = list(request, FOR);
        List<String> protos = list(request, PROTO);
        List<String> hosts = list(request, HOST);
        if (nodes.isEmpty() && protos.isEmpty() && hosts.isEmpty()) {
            return List.of();
        }
        List<Hop> hops = new ArrayList<>();
        for (int fromLast = Math.max(1, nodes.size()) - 1; fromLast >= 0; fromLast--) {
            hops.add(new Hop(
                    member(nodes, fromLast).orElse(null),
                    member(protos, fromLast).orElse(null),
                    member(hosts, fromLast).orElse(null)));
        }
        return hops;
    }

    private static List<String> list(HandshakeRequest request, String name) {
        return request.headerValues(name).stream().flatMap(HttpSyntax::list).toList();
    }

    private static Optional<String> member(List<String> list, int fromLast) {
        return fromLast < list.size() ? Optional.of(list.get(list.size() - 1 - fromLast)) : Optional.empty();
    }
}
