package io.tankws;

import io.tankws.wire.IpLiterals;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that a server trusts to report the address, scheme and host of a client. A proxy that terminates TLS
 * connects over a plain socket and from its own address. It reports the client in {@code Forwarded} (RFC 7239) or in
 * {@code X-Forwarded-For}, {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}. Any client can send such headers,
 * so they count only if the peer of the connection is listed here. By default no proxy is trusted.
 *
 * <ul>
 * <li>The addresses are read from the right, since each proxy appends the address of its peer. The first address that
 * is not listed is the client's. The text to the left of it comes from the client and is not read. If all addresses
 * are listed, the leftmost is the client's.
 * <li>A hidden address ({@code unknown}, or an identifier such as {@code _hidden}) ends the reading. The client's
 * address is then that of the proxy which hides it.
 * <li>Scheme and host are those that the last proxy read from the right has written. {@code wss} counts as {@code
 * https} and {@code ws} as {@code http}. Without a host, the {@code Host} header stays.
 * <li>A malformed value gets a 400: a {@code Forwarded} header against its grammar, or an address, a scheme or a host
 * that has been read and is not well-formed. Nothing malformed becomes an address or a host.
 * <li>If a request has both {@code Forwarded} and {@code X-Forwarded-} headers, they must agree, else it gets a 400:
 * a proxy that writes one kind usually passes on the other as the client has sent it.
 * </ul>
 *
 * <p>A request that has come through a trusted proxy counts as one that came over a network, so {@link
 * HostRule#defaults()} accepts the name that the proxy reports. The list of the proxy's own names protects it, or
 * {@link HostRule#of(String...)}.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class TrustedProxies {
    private static final TrustedProxies NONE = new TrustedProxies(List.of());
    private static final Pattern NETWORK = Pattern.compile("([^/]*+)(?:/(0|[1-9][0-9]{0,2}))?+");
    /** The bits before the IPv4 address in an IPv4-mapped IPv6 address. */
    private static final int MAPPED_BITS = 96;

    private final List<Network> networks;

    /**
     * The addresses that begin with the same bits.
     *
     * @param text as configured
     * @param first one of them
     * @param bits how many bits are the same
     */
    private record Network(String text, byte[] first, int bits) {
        boolean contains(byte[] address) {
            if (address.length != first.length) {
                return false;
            }
            int whole = bits / 8;
            int mask = 0xFF00 >> bits % 8;
            return Arrays.equals(address, 0, whole, first, 0, whole)
                    && (bits % 8 == 0 || ((address[whole] ^ first[whole]) & mask & 0xFF) == 0);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Returns the default: headers of proxies are not read.
     *
     * @return the same value at each call
     */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Trusts the listed proxies.
     *
     * @param networks addresses such as {@code 127.0.0.1} and {@code ::1}, or networks in CIDR notation such as
     *     {@code 10.0.0.0/8} and {@code fd00::/8}; no names
     * @return the proxies
     * @throws IllegalArgumentException if one is not an address or a network
     */
    public static TrustedProxies of(String... networks) {
        return networks.length == 0
                ? NONE
                : new TrustedProxies(
                        Arrays.stream(networks).map(TrustedProxies::network).toList());
    }

    private static Network network(String text) {
        Matcher parts = NETWORK.matcher(text);
        Optional<InetAddress> address = parts.matches() ? IpLiterals.parse(parts.group(1)) : Optional.empty();
        if (address.isPresent()) {
            byte[] first = address.get().getAddress();
            int all = first.length * 8;
            int bits = parts.group(2) == null ? all : Integer.parseInt(parts.group(2));
            if (all == 32 && parts.group(2) != null && text.indexOf(':') >= 0) {
                bits -= MAPPED_BITS;
            }
            if (bits >= 0 && bits <= all) {
                return new Network(text, first, bits);
            }
        }
        throw new IllegalArgumentException(
                "a trusted proxy must be an IP address or a network such as 10.0.0.0/8, but was " + text);
    }

    /**
     * Returns whether no proxy is trusted, so that {@link #resolve} changes no request.
     *
     * @return {@code true} for {@link #none()}
     */
    public boolean isEmpty() {
        return networks.isEmpty();
    }

    /**
     * Returns whether an address is that of a trusted proxy.
     *
     * @param address of the peer of a connection
     * @return {@code false} for {@code null}
     */
    public boolean contains(@Nullable InetAddress address) {
        return address != null && networks.stream().anyMatch(network -> network.contains(address.getAddress()));
    }

    /**
     * Returns the request as the client sent it to the first trusted proxy. A server does this on its own; only a
     * program that reads HTTP requests itself needs this method. Such a program checks the {@link HostRule} before:
     * the page of another site that has rebound its name to the server can write such headers into an HTTP request,
     * though not into a handshake. Call it once for a request. Neither blocks nor resolves a name.
     *
     * @param request as it has arrived
     * @return a copy with address, scheme and {@code Host} of the client, and with a {@link
     *     HandshakeRequest#violation()} if a header is malformed; the request itself if its peer is not trusted or
     *     has sent no such header
     */
    public HandshakeRequest resolve(HandshakeRequest request) {
        if (!contains(request.remoteAddress().getAddress())) {
            return request;
        }
        try {
            List<Forwarded.Hop> standard = Forwarded.standard(request);
            List<Forwarded.Hop> older = Forwarded.older(request);
            if (standard.isEmpty() && older.isEmpty()) {
                return request;
            }
            String header = standard.isEmpty() ? "X-Forwarded" : Forwarded.STANDARD;
            ForwardedRoute route =
                    ForwardedRoute.follow(standard.isEmpty() ? older : standard, header, request, this::contains);
            boolean contradiction = !standard.isEmpty()
                    && !older.isEmpty()
                    && !route.agreesWith(ForwardedRoute.follow(older, "X-Forwarded", request, this::contains));
            return contradiction
                    ? request.misforwarded("the Forwarded and X-Forwarded headers contradict each other")
                    : request.forwarded(route);
        } catch (Forwarded.MalformedException e) {
            return request.misforwarded(Objects.requireNonNull(e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return "TrustedProxies" + networks;
    }
}
