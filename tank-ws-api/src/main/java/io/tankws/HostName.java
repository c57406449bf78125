package io.tankws;

import io.tankws.wire.IpLiterals;
import java.net.Inet6Address;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host as a {@code Host} header names it, without its port (RFC 9110 section 7.2).
 *
 * @param text normalized: lower case, no trailing dot
 * @param isAddress whether it is an IP address
 * @param isLoopback whether it always means this machine
 */
record HostName(String text, boolean isAddress, boolean isLoopback) {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^\\[\\]]*+]|[^:\\[\\]]++)(?::([0-9]{1,5}))?");
    private static final int MAX_PORT = 65535;

    /** Browsers write some marks as they are (URL standard, section 3.3); the asterisk is left to wildcards. */
    private static final String LABEL = "[A-Za-z0-9_~!$&'()+=-]{1,63}";

    private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*+(" + LABEL + ")");
    private static final int MAX_NAME = 253;

    /** Browsers take a name that ends like this for an address in another notation (URL standard, section 3.5). */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9A-Fa-f]*");

    /** Parses the value of a header; empty if it is malformed. */
    static Optional<HostName> parse(String value) {
        Matcher parts = HOST_AND_PORT.matcher(value);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String port = parts.group(2);
        if (port != null && Integer.parseInt(port) > MAX_PORT) {
            return Optional.empty();
        }
        String host = parts.group(1);
        if (host.startsWith("[")) {
            return ipv6(host.substring(1, host.length() - 1));
        }
        return IpLiterals.parse(host).isPresent()
                ? Optional.of(new HostName(host, true, host.startsWith("127.")))
                : name(host);
    }

    /** Parses a configured host; empty if it is malformed or has a port. */
    static Optional<HostName> withoutPort(String host) {
        boolean bare = host.startsWith("[") ? host.endsWith("]") : host.indexOf(':') < 0;
        return bare ? parse(host) : Optional.empty();
    }

    /** An IPv4-mapped address stays another host than the IPv4 address, as in browsers. */
    private static Optional<HostName> ipv6(String text) {
        return text.indexOf(':') < 0
                ? Optional.empty()
                : IpLiterals.parse(text)
                        .map(address -> address instanceof Inet6Address
                                ? new HostName(address.getHostAddress(), true, address.isLoopbackAddress())
                                : new HostName("::ffff:" + address.getHostAddress(), true, false));
    }

    private static Optional<HostName> name(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        Matcher labels = NAME.matcher(name);
        boolean valid = name.length() <= MAX_NAME
                && labels.matches()
                && !NUMBER.matcher(labels.group(1)).matches();
        // Only now: letters that are not ASCII may become ASCII in lower case.
        String lower = name.toLowerCase(Locale.ROOT);
        return valid ? Optional.of(new HostName(lower, false, lower.equals("localhost"))) : Optional.empty();
    }
}
