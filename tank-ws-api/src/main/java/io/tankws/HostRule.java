package io.tankws;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names that a server answers to, compared with the {@code Host} header (RFC 9110 section 7.2). The rule protects
 * from DNS rebinding: a page of {@code http://evil.example} becomes same-origin with a server as soon as its name
 * resolves to the server's address, because the page chooses both {@code Origin} and {@code Host}.
 *
 * <p>Every rule but {@link #anyHost()} decides by the address that the peer connected to:
 *
 * <ul>
 * <li>A server that listens on a loopback address answers to {@code localhost}, {@code 127.0.0.0/8} and {@code
 * [::1]}.
 * <li>A server that listens on other addresses answers to these and to every IP address, since an address cannot be
 * rebound. A peer that connected over loopback must use one of these.
 * <li>Every other name must be listed. The rule {@link #defaults()} makes one exception: it accepts any name of a
 * peer that connected over the network, because the names of such a server are not known to it.
 * </ul>
 *
 * <p>Case, port and one trailing dot of a name do not matter. A request without exactly one well-formed {@code Host}
 * is refused. Immutable, and safe for use by several threads.
 */
public final class HostRule {
    private static final HostRule DEFAULTS = new HostRule(Set.of(), Unlisted.OVER_NETWORK);
    private static final HostRule ANY = new HostRule(Set.of(), Unlisted.ALWAYS);

    private final Set<HostName> listed;
    private final Unlisted unlisted;

    /** The peers from which a name that is not listed is accepted. */
    private enum Unlisted {
        NEVER,
        OVER_NETWORK,
        ALWAYS
    }

    private HostRule(Set<HostName> listed, Unlisted unlisted) {
        this.listed = listed;
        this.unlisted = unlisted;
    }

    /**
     * Returns the rule for a server whose names are not configured.
     *
     * @return the same value at each call
     */
    public static HostRule defaults() {
        return DEFAULTS;
    }

    /**
     * Accepts the listed names besides the addresses that the class comment names, and no other name over any network.
     *
     * @param names such as {@code chat.example.org}, without a port; international names in their ASCII form
     * @return the rule
     * @throws IllegalArgumentException if a name is not a host name or an IP address, or has a port
     */
    public static HostRule of(String... names) {
        Set<HostName> listed = Arrays.stream(names)
                .map(name -> HostName.withoutPort(name)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "a host must be a name such as chat.example.org or an IP address, without a port,"
                                        + " but was " + name)))
                .collect(Collectors.toUnmodifiableSet());
        return new HostRule(listed, Unlisted.NEVER);
    }

    /**
     * Accepts every name. Only for servers that let the pages of every site connect anyway, or that a proxy protects.
     *
     * @return the same value at each call
     */
    public static HostRule anyHost() {
        return ANY;
    }

    /**
     * Decides on one request. Neither blocks nor resolves a name.
     *
     * @param request any request
     * @return whether the server answers to its {@code Host}; {@code false} yields a 421
     */
    public boolean allows(HandshakeRequest request) {
        if (unlisted == Unlisted.ALWAYS) {
            return true;
        }
        List<String> values = request.headerValues("Host");
        Optional<HostName> host = values.size() == 1 ? HostName.parse(values.get(0)) : Optional.empty();
        return host.isPresent() && allows(host.get(), request);
    }

    private boolean allows(HostName host, HandshakeRequest request) {
        if (host.isLoopback() || listed.contains(host)) {
            return true;
        }
        if (request.isLoopbackOnly()) {
            return false;
        }
        return host.isAddress() || unlisted == Unlisted.OVER_NETWORK && !request.isOverLoopback();
    }
}
