package io.tankws;

import io.tankws.wire.IpLiterals;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way of a request through trusted proxies, as far as it can be believed.
 *
 * @param client the first address from the right that is not a trusted proxy's
 * @param secure whether the client used TLS
 * @param host the host that the client asked for; empty for that of the request
 */
record ForwardedRoute(InetSocketAddress client, boolean secure, Optional<String> host) {
    private static final String OBFUSCATED = "_[A-Za-z0-9._-]++";
    private static final Pattern HIDDEN = Pattern.compile("(?i)(?:unknown|" + OBFUSCATED + ")(?::.*+)?+");
    /** An IPv4 address or an IPv6 address in brackets, and its port, which may be obfuscated (RFC 7239 section 6). */
    private static final Pattern NODE =
            Pattern.compile("(?:\\[([^\\[\\]]*+)]|([0-9.]++))(?::(?:([0-9]{1,5}+)|" + OBFUSCATED + "))?+");

    private static final int MAX_PORT = 65535;

    /** Walks from the last hop, which the peer of the connection has written, to the first. */
    static ForwardedRoute follow(
            List<Forwarded.Hop> hops, String header, HandshakeRequest request, Predicate<InetAddress> trusted)
            throws Forwarded.MalformedException {
        InetSocketAddress client = request.remoteAddress();
        boolean secure = request.isSecure();
        Optional<String> host = Optional.empty();
        for (int i = hops.size() - 1; i >= 0; i--) {
            Forwarded.Hop hop = hops.get(i);
            if (hop.proto() != null) {
                secure = isSecure(hop.proto(), header);
            }
            if (hop.host() != null) {
                host = Optional.of(host(hop.host(), header));
            }
            if (hop.node() == null || HIDDEN.matcher(hop.node()).matches()) {
                // The last address that is known is that of the proxy which hides its peer.
                break;
            }
            client = node(hop.node(), header);
            if (!trusted.test(client.getAddress())) {
                break;
            }
        }
        return new ForwardedRoute(client, secure, host);
    }

    private static boolean isSecure(String proto, String header) throws Forwarded.MalformedException {
        return switch (proto.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> true;
            case "http", "ws" -> false;
            default -> throw new Forwarded.MalformedException(header);
        };
    }

    private static String host(String host, String header) throws Forwarded.MalformedException {
        if (HostName.parse(host).isEmpty()) {
            throw new Forwarded.MalformedException(header);
        }
        return host;
    }

    private static InetSocketAddress node(String text, String header) throws Forwarded.MalformedException {
        Optional<InetAddress> bare = header.equals(Forwarded.STANDARD) ? Optional.empty() : IpLiterals.parse(text);
        if (bare.isPresent()) {
            return new InetSocketAddress(bare.get(), 0);
        }
        Matcher node = NODE.matcher(text);
        if (!node.matches()) {
            throw new Forwarded.MalformedException(header);
        }
        boolean bracketed = node.group(1) != null;
        String literal = bracketed ? node.group(1) : node.group(2);
        int port = node.group(3) == null ? 0 : Integer.parseInt(node.group(3));
        Optional<InetAddress> address =
                IpLiterals.parse(literal).filter(parsed -> bracketed == literal.indexOf(':') >= 0);
        if (address.isEmpty() || port > MAX_PORT) {
            throw new Forwarded.MalformedException(header);
        }
        return new InetSocketAddress(address.get(), port);
    }

    /** Compares what rules and limits depend on; a port of the client is of no importance. */
    boolean agreesWith(ForwardedRoute other) {
        return client.getAddress().equals(other.client.getAddress())
                && secure == other.secure
                && host.map(ForwardedRoute::lower).equals(other.host.map(ForwardedRoute::lower));
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
