package io.tankws.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses IP addresses in text form. Never resolves a name. */
public final class IpLiterals {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6 =
            Pattern.compile("[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*(?:(?<=:)" + IPV4.pattern() + ")?");
    /** The longest text of an IPv6 address, in characters. */
    private static final int MAX_LENGTH = 45;

    private IpLiterals() {}

    /**
     * Parses an address: IPv4 as four decimal numbers without leading zeros, or IPv6 (RFC 4291 section 2.2) without
     * brackets and without a zone.
     *
     * @param text any text
     * @return empty if the text is not such an address; an IPv4-mapped IPv6 address becomes the IPv4 address
     */
    public static Optional<InetAddress> parse(String text) {
        boolean literal = text.length() <= MAX_LENGTH
                && (IPV4.matcher(text).matches() || IPV6.matcher(text).matches());
        if (!literal) {
            return Optional.empty();
        }
        try {
            // Brackets keep the JDK from looking up a name.
            return Optional.of(InetAddress.getByName(text.indexOf(':') < 0 ? text : "[" + text + "]"));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
